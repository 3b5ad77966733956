using System.Globalization;
using System.Text;

namespace Vitrine.Cli.Samples;

/// <summary>Collects the shapes of one picture and its gradients. Lengths are pixels, the origin is top left.</summary>
internal sealed class SvgCanvas(int width, int height)
{
    private readonly StringBuilder _definitions = new();
    private readonly StringBuilder _shapes = new();
    private int _gradients;

    public int Width => width;

    public int Height => height;

    /// <summary>A number as SVG wants it.</summary>
    public static string Number(double value) => value.ToString("0.##", CultureInfo.InvariantCulture);

    /// <returns>A fill that runs from top to bottom.</returns>
    public string Vertical(params Colour[] stops) => Gradient("linearGradient", """x1="0" y1="0" x2="0" y2="1" """, stops);

    /// <returns>A fill that fades from the centre out.</returns>
    public string Radial(params Colour[] stops) => Gradient("radialGradient", "", stops);

    public void Background(string fill) => Rectangle(0, 0, width, height, fill);

    public void Rectangle(double x, double y, double wide, double high, string fill, double turn = 0) => _shapes.Append(
        CultureInfo.InvariantCulture,
        $"""<rect x="{Number(x)}" y="{Number(y)}" width="{Number(wide)}" height="{Number(high)}" fill="{fill}" transform="rotate({Number(turn)} {Number(x + (wide / 2))} {Number(y + (high / 2))})"/>""");

    public void Circle(double x, double y, double radius, string fill) => Ellipse(x, y, radius, radius, fill);

    public void Ellipse(double x, double y, double radiusX, double radiusY, string fill, double turn = 0) => _shapes.Append(
        CultureInfo.InvariantCulture,
        $"""<ellipse cx="{Number(x)}" cy="{Number(y)}" rx="{Number(radiusX)}" ry="{Number(radiusY)}" fill="{fill}" transform="rotate({Number(turn)} {Number(x)} {Number(y)})"/>""");

    /// <summary>A closed shape.</summary>
    public void Polygon(IEnumerable<(double X, double Y)> points, string fill) => _shapes.Append(
        CultureInfo.InvariantCulture, $"""<polygon points="{Points(points)}" fill="{fill}"/>""");

    /// <summary>An open line with round ends.</summary>
    public void Line(IEnumerable<(double X, double Y)> points, string colour, double thickness) => _shapes.Append(
        CultureInfo.InvariantCulture,
        $"""<polyline points="{Points(points)}" fill="none" stroke="{colour}" stroke-width="{Number(thickness)}" stroke-linecap="round" stroke-linejoin="round"/>""");

    public override string ToString() =>
        $"""<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" viewBox="0 0 {width} {height}"><defs>{_definitions}</defs>{_shapes}</svg>""";

    private static string Points(IEnumerable<(double X, double Y)> points) =>
        string.Join(' ', points.Select(point => $"{Number(point.X)},{Number(point.Y)}"));

    private string Gradient(string element, string direction, Colour[] stops)
    {
        var id = $"g{_gradients++}";
        _definitions.Append(CultureInfo.InvariantCulture, $"""<{element} id="{id}" {direction}>""");
        for (var i = 0; i < stops.Length; i++)
        {
            var at = stops.Length == 1 ? 0 : (double)i / (stops.Length - 1);
            _definitions.Append(CultureInfo.InvariantCulture, $"""<stop offset="{Number(at)}" stop-color="{stops[i].Opaque}" stop-opacity="{Number(stops[i].Alpha)}"/>""");
        }

        _definitions.Append(CultureInfo.InvariantCulture, $"</{element}>");
        return $"url(#{id})";
    }
}
