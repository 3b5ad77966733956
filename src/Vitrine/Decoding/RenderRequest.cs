namespace Vitrine.Decoding;

/// <summary>Asks for a WebP of a picture that fits into a square; never enlarged.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="LongSide">Pixels, 1 to 16,383 (the most that WebP can hold).</param>
/// <param name="Root">The folder that must hold the file, links resolved; null for any place.</param>
/// <param name="Sha256">What the file must hold: what is made of other bytes is not kept under their name. Null for whatever it holds.</param>
public sealed record RenderRequest(string Path, int LongSide, string? Root = null, byte[]? Sha256 = null);
