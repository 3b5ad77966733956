using Vitrine.Benchmarks;
using Vitrine.Benchmarks.Embeddings;

return args switch
{
    ["phase2", .. var rest] => await Phase2Race.RunAsync(rest),
    ["decoder-memory", .. var rest] => await DecoderMemory.RunAsync(rest),
    ["descriptor", var folder] => await DescriptorAsync(folder),
    ["vector-index"] => VectorIndex(),
    ["scan", var folder] => await ScanSpeed.RunAsync(folder, repeats: 3),
    ["stages", .. var rest] => InspectionStages.Run(rest),
    _ => Usage(),
};

static async Task<int> DescriptorAsync(string folder)
{
    await DescriptorQuality.RunAsync(folder);
    DescriptorSpeed.Run();
    return 0;
}

static int VectorIndex()
{
    VectorIndexSpeed.Run();
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine(
        "Usage: phase2 [PICTURES] [--effort N] [--repeats N]  |  decoder-memory [PICTURES] [--items N]  |  stages PICTURES [--rounds N]"
        + "  |  descriptor FOLDER  |  vector-index  |  scan FOLDER");
    return 2;
}
