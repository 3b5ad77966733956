using System.Numerics;
using System.Runtime.InteropServices;

namespace Vitrine.Embeddings.Visual;

/// <summary>
/// Where edges are and how they run: histograms of gradient orientation on a grid of overlapping cells, each cell normalised by its own and
/// the picture's strength (after Dalal and Triggs, "Histograms of Oriented Gradients for Human Detection", 2005).
/// </summary>
/// <remarks>Sums are integers, so the vector width of the machine does not matter. Not thread-safe: it holds working memory.</remarks>
internal sealed class GradientStructure
{
    public const int Length = Cells * Cells * Orientations;

    private const int Cells = 3;
    private const int Orientations = Directions.Count / 2;
    private const int Patches = 16;

    /// <summary>Added to a cell's strength, so that the noise of a plain picture does not count as structure: about five grey levels from pixel to pixel.</summary>
    private const int PlainStrength = 7282;

    private readonly int _side;
    private readonly int[] _across;
    private readonly int[] _down;
    private readonly int[] _columns;
    private readonly int[] _patches = new int[Patches * Patches * Orientations];

    public GradientStructure(int side)
    {
        _side = side;
        _across = new int[side];
        _down = new int[side];
        _columns = new int[Orientations * side];
    }

    public void Describe(PicturePlanes planes, Span<double> result)
    {
        var patchSide = _side / Patches;
        for (var patchRow = 0; patchRow < Patches; patchRow++)
        {
            Array.Clear(_columns);
            for (var y = patchRow * patchSide; y < (patchRow + 1) * patchSide; y++)
            {
                Differences(planes.Luma, y);
                Vote();
            }

            for (var orientation = 0; orientation < Orientations; orientation++)
            {
                for (var patch = 0; patch < Patches; patch++)
                {
                    var sum = 0;
                    foreach (var votes in _columns.AsSpan((orientation * _side) + (patch * patchSide), patchSide))
                        sum += votes >> 4;
                    _patches[(((patchRow * Patches) + patch) * Orientations) + orientation] = sum;
                }
            }
        }

        Gather(result);
    }

    /// <summary>Central differences of one row; the picture goes on beyond its edge as its last row or column.</summary>
    private void Differences(int[] luma, int y)
    {
        var row = luma.AsSpan(y * _side, _side);
        var above = luma.AsSpan(Math.Max(y - 1, 0) * _side, _side);
        var below = luma.AsSpan(Math.Min(y + 1, _side - 1) * _side, _side);
        for (var x = 0; x < row.Length; x++)
            _down[x] = below[x] - above[x];
        _across[0] = row[1] - row[0];
        for (var x = 1; x < row.Length - 1; x++)
            _across[x] = row[x + 1] - row[x - 1];
        _across[^1] = row[^1] - row[^2];
    }

    /// <summary>
    /// Shares each gradient between the two orientations it lies between. The part along direction k is the smaller of the cross products
    /// with the directions before and after, where both are positive; for orientation the opposite direction counts as well.
    /// </summary>
    private void Vote()
    {
        var across = MemoryMarshal.Cast<int, Vector<int>>(_across);
        var down = MemoryMarshal.Cast<int, Vector<int>>(_down);
        for (var orientation = 0; orientation < Orientations; orientation++)
        {
            var before = (orientation + Directions.Count - 1) % Directions.Count;
            var after = orientation + 1;
            int beforeX = Directions.X[before], beforeY = Directions.Y[before], afterX = Directions.X[after], afterY = Directions.Y[after];
            var columns = MemoryMarshal.Cast<int, Vector<int>>(_columns.AsSpan(orientation * _side, _side));
            for (var i = 0; i < columns.Length; i++)
            {
                var fromBefore = (down[i] * beforeX) - (across[i] * beforeY);
                var toAfter = (across[i] * afterY) - (down[i] * afterX);
                var along = Vector.Max(Vector.Min(fromBefore, toAfter), Vector.Min(-fromBefore, -toAfter));
                columns[i] += Vector.Max(along, Vector<int>.Zero);
            }
        }
    }

    private void Gather(Span<double> result)
    {
        result.Clear();
        for (var cellRow = 0; cellRow < Cells; cellRow++)
        {
            for (var cellColumn = 0; cellColumn < Cells; cellColumn++)
            {
                var cell = result.Slice(((cellRow * Cells) + cellColumn) * Orientations, Orientations);
                for (var row = 0; row < Patches; row++)
                {
                    var rowWeight = Weight(row, cellRow);
                    if (rowWeight == 0)
                        continue;
                    for (var column = 0; column < Patches; column++)
                    {
                        var weight = rowWeight * Weight(column, cellColumn);
                        if (weight == 0)
                            continue;
                        var patch = _patches.AsSpan(((row * Patches) + column) * Orientations, Orientations);
                        for (var orientation = 0; orientation < cell.Length; orientation++)
                            cell[orientation] += (double)weight * patch[orientation];
                    }
                }
            }
        }

        var whole = 0.0;
        foreach (var votes in result)
            whole += votes;
        var floor = (whole / (Cells * Cells)) + ((double)_side * _side * PlainStrength);
        for (var at = 0; at < result.Length; at += Orientations)
        {
            var cell = result.Slice(at, Orientations);
            var strength = floor;
            foreach (var votes in cell)
                strength += votes;
            foreach (ref var votes in cell)
                votes = Math.Sqrt(votes / strength);
        }
    }

    /// <summary>A triangle of twice the cell's width, so that a slight shift moves votes gradually to the next cell.</summary>
    private static int Weight(int patch, int cell) => Math.Max(0, (2 * Patches) - Math.Abs((((2 * patch) + 1) * Cells) - (((2 * cell) + 1) * Patches)));
}
