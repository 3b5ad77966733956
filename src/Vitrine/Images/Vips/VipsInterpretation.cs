namespace Vitrine.Images.Vips;

/// <summary>The numbers of libvips' VipsInterpretation that are used here.</summary>
internal static class VipsInterpretation
{
    public const int BlackAndWhite = 1;
    public const int Cmyk = 15;
    public const int SRgb = 22;
    public const int Rgb16 = 25;
}
