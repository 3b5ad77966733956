namespace Vitrine.Images.Vips;

/// <summary>A picture could not be decoded. The message is what libvips wrote into its error buffer, or the other reader said, on one line.</summary>
internal class VipsException(string message) : Exception(message)
{
    /// <summary>True when libvips refused and did not say why.</summary>
    public bool IsSilent { get; init; }

    /// <summary>Takes the text out of libvips' error buffer, which is then empty.</summary>
    public static VipsException FromErrorBuffer(string operation) =>
        VipsErrors.Take() is { Length: > 0 } text ? new(text) : new($"{operation} gave no reason") { IsSilent = true };
}
