namespace Vitrine.Benchmarks.Setting;

/// <summary>Measurements of one thing.</summary>
internal sealed class Samples
{
    private readonly List<double> _values = [];

    public double Median => At(0.5);

    public double Max => _values.Max();

    public double Last => _values[^1];

    public int Count => _values.Count;

    public void Add(double value) => _values.Add(value);

    public void Add(Samples others) => _values.AddRange(others._values);

    /// <summary>Nearest rank: the smallest value that is not exceeded by this share.</summary>
    public double At(double share) => _values.Order().ElementAt(Math.Clamp((int)Math.Ceiling(share * _values.Count) - 1, 0, _values.Count - 1));
}
