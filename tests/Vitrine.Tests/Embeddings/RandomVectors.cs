namespace Vitrine.Tests.Embeddings;

internal static class RandomVectors
{
    public static float[] Unit(Random random, int dimensions)
    {
        var vector = new float[dimensions];
        for (var i = 0; i < dimensions; i++)
            vector[i] = random.NextSingle() - 0.5f;
        var length = MathF.Sqrt(vector.Sum(component => component * component));
        return [.. vector.Select(component => component / length)];
    }

    /// <summary>Unit vectors around as many centres, as pictures lie: each has neighbours far nearer than strangers.</summary>
    public static float[][] Clustered(Random random, int count, int clusters, int dimensions)
    {
        var centres = Enumerable.Range(0, clusters).Select(_ => Unit(random, dimensions)).ToArray();
        return [.. Enumerable.Range(0, count).Select(_ =>
        {
            var centre = centres[random.Next(clusters)];
            var vector = centre.Zip(Unit(random, dimensions), (near, away) => near + (0.5f * away)).ToArray();
            var length = MathF.Sqrt(vector.Sum(component => component * component));
            return vector.Select(component => component / length).ToArray();
        })];
    }
}
