using System.Numerics;

namespace Vitrine.Cli.Samples;

/// <summary>A surface of triangles, outside counter-clockwise.</summary>
internal sealed record Mesh(IReadOnlyList<Vector3> Vertices, IReadOnlyList<(int A, int B, int C)> Triangles)
{
    /// <summary>A knot of the torus that winds <paramref name="p"/> times one way and <paramref name="q"/> times the other, 40 mm wide.</summary>
    public static Mesh Knot(int p, int q)
    {
        Vector3 Curve(double t)
        {
            var r = 12 + (5 * Math.Cos(q * t));
            return new Vector3((float)(r * Math.Cos(p * t)), (float)(r * Math.Sin(p * t)), (float)(5 * Math.Sin(q * t)));
        }

        return Grid(240, 16, closed: true, (u, v) =>
        {
            var here = Curve(u * Math.Tau);
            var along = Vector3.Normalize(Curve((u * Math.Tau) + 0.01) - here);
            var side = Vector3.Normalize(Vector3.Cross(along, here + new Vector3(0, 0, 0.1f)));
            var up = Vector3.Cross(along, side);
            return here + (2.2f * ((side * (float)Math.Cos(v * Math.Tau)) + (up * (float)Math.Sin(v * Math.Tau))));
        });
    }

    /// <summary>A turned vase, 60 mm high, with soft ribs.</summary>
    public static Mesh Vase(int ribs) => Grid(120, 80, closed: false, (u, v) =>
    {
        var radius = (10 + (5 * Math.Sin((v * 4.4) + 0.6)) + (3 * v * v)) * (1 + (0.06 * Math.Sin(u * Math.Tau * ribs)));
        return new Vector3((float)(radius * Math.Cos(u * Math.Tau)), (float)(radius * Math.Sin(u * Math.Tau)), (float)(v * 60));
    });

    /// <summary>A ball with bumps, 30 mm across.</summary>
    public static Mesh Ball(int bumps) => Grid(96, 64, closed: false, (u, v) =>
    {
        var (angle, rise) = (u * Math.Tau, (v - 0.5) * Math.PI);
        var radius = 15 * (1 + (bumps == 0 ? 0 : 0.1 * Math.Sin(bumps * angle) * Math.Cos(bumps * rise)));
        return new Vector3((float)(radius * Math.Cos(rise) * Math.Cos(angle)), (float)(radius * Math.Cos(rise) * Math.Sin(angle)), (float)(radius * Math.Sin(rise)));
    });

    /// <summary>A surface from two parameters, 0 to 1; the first always meets itself, the second where it is closed.</summary>
    private static Mesh Grid(int columns, int rows, bool closed, Func<double, double, Vector3> at)
    {
        var lines = closed ? rows : rows + 1;
        var vertices = new List<Vector3>(columns * lines);
        for (var row = 0; row < lines; row++)
        {
            for (var column = 0; column < columns; column++)
                vertices.Add(at(column / (double)columns, row / (double)rows));
        }

        var triangles = new List<(int, int, int)>(columns * rows * 2);
        for (var row = 0; row < rows; row++)
        {
            for (var column = 0; column < columns; column++)
            {
                var (below, above) = (row * columns, (row + 1) % lines * columns);
                var next = (column + 1) % columns;
                triangles.Add((below + column, below + next, above + next));
                triangles.Add((below + column, above + next, above + column));
            }
        }

        return new Mesh(vertices, triangles);
    }
}
