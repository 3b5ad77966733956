namespace Vitrine.Decoding;

/// <summary>A WebP, or why there is none: exactly one is set.</summary>
public sealed record RenderResult(byte[]? WebP, DecodeFailure? Failure);
