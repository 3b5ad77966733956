namespace Vitrine.Decoding;

/// <summary>Asks for the pixels of several thumbnails, for a descriptor.</summary>
/// <param name="Paths">Absolute.</param>
/// <param name="Side">Each picture is squashed into so many pixels per side, 1 to 1,024.</param>
public sealed record PixelsRequest(IReadOnlyList<string> Paths, int Side);
