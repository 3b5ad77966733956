namespace Vitrine.Images.Vips;

/// <summary>libvips could not do an operation. The message is what it wrote into its error buffer, on one line.</summary>
internal sealed class VipsException(string message) : Exception(message)
{
    /// <summary>Takes the text out of libvips' error buffer, which is then empty.</summary>
    public static VipsException FromErrorBuffer(string operation) => new(VipsErrors.Take() is { Length: > 0 } text ? text : $"{operation} gave no reason");
}
