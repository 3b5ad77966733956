namespace Vitrine.Decoding;

/// <summary>Pixels of one picture, or why there are none: exactly one is set.</summary>
/// <param name="Rgb">Eight-bit sRGB, row-major, side × side × 3; transparent parts on white.</param>
/// <param name="Failure">Why there are none.</param>
public sealed record PixelsResult(byte[]? Rgb, DecodeFailure? Failure);
