namespace Vitrine.Images;

/// <summary>How a WebP is made.</summary>
/// <param name="Quality">1 to 100.</param>
/// <param name="Effort">0 (fastest) to 6 (smallest).</param>
public readonly record struct WebPEncoding(int Quality, int Effort);
