using Vitrine.Benchmarks.Embeddings;

switch (args)
{
    case ["descriptor", var folder]:
        await DescriptorQuality.RunAsync(folder);
        DescriptorSpeed.Run();
        return 0;
    case ["vector-index"]:
        VectorIndexSpeed.Run();
        return 0;
    default:
        Console.Error.WriteLine("usage: Vitrine.Benchmarks descriptor FOLDER | vector-index");
        return 2;
}
