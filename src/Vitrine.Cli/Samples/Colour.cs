namespace Vitrine.Cli.Samples;

/// <summary>A colour by what one sees of it.</summary>
/// <param name="Hue">Degrees: 0 red, 120 green, 240 blue; any number, turning round.</param>
/// <param name="Saturation">0 grey to 1 pure.</param>
/// <param name="Lightness">0 black to 1 white.</param>
/// <param name="Alpha">0 invisible to 1 opaque.</param>
internal readonly record struct Colour(double Hue, double Saturation, double Lightness, double Alpha = 1)
{
    /// <summary>Without its transparency, as <c>#rrggbb</c>.</summary>
    public string Opaque => $"#{Channel(0):x2}{Channel(8):x2}{Channel(4):x2}";

    /// <summary>As a fill.</summary>
    public string Fill => $"rgba({Channel(0)},{Channel(8)},{Channel(4)},{SvgCanvas.Number(Alpha)})";

    public Colour With(double lightness) => this with { Lightness = Math.Clamp(lightness, 0, 1) };

    public Colour Faded(double alpha) => this with { Alpha = alpha };

    /// <summary>Part of the way to another colour; hues go straight, not round the shorter side.</summary>
    public Colour Towards(Colour other, double part) => new(
        Hue + ((other.Hue - Hue) * part),
        Saturation + ((other.Saturation - Saturation) * part),
        Lightness + ((other.Lightness - Lightness) * part),
        Alpha + ((other.Alpha - Alpha) * part));

    /// <summary>HSL to RGB, the closed form of https://www.w3.org/TR/css-color-4/#hsl-to-rgb.</summary>
    private int Channel(int n)
    {
        var k = (n + (((Hue % 360) + 360) % 360 / 30)) % 12;
        var a = Saturation * Math.Min(Lightness, 1 - Lightness);
        return (int)Math.Round(255 * (Lightness - (a * Math.Max(-1, Math.Min(Math.Min(k - 3, 9 - k), 1)))));
    }
}
