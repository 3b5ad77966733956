namespace Vitrine.Embeddings.Visual;

/// <summary>
/// Sixteen directions around the circle, 22.5 degrees apart, in whole numbers. A vector between two neighbouring directions is split into
/// its parts along them with cross products only, so that no arc tangent (which differs between machines) is needed.
/// </summary>
internal static class Directions
{
    /// <summary>Directions around the whole circle; direction k + 8 is opposite to direction k.</summary>
    public const int Count = 16;

    /// <summary>round(256 cos(22.5° k)).</summary>
    public static ReadOnlySpan<int> X => [256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98, 0, 98, 181, 237];

    /// <summary>round(256 sin(22.5° k)).</summary>
    public static ReadOnlySpan<int> Y => [0, 98, 181, 237, 256, 237, 181, 98, 0, -98, -181, -237, -256, -237, -181, -98];
}
