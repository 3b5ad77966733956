namespace Vitrine.Decoding;

/// <summary>Asks for a WebP of a picture that fits into a square; never enlarged.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="LongSide">Pixels, 1 to 16,383 (the most that WebP can hold).</param>
public sealed record RenderRequest(string Path, int LongSide);
