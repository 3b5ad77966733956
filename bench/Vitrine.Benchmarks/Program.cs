using Vitrine.Benchmarks;
using Vitrine.Benchmarks.Embeddings;
using Vitrine.Benchmarks.Rows;

return args switch
{
    ["run", .. var rest] => await FiguresTable.RunAsync(rest),
    ["blocking", .. var rest] => BlockingImport.Run(rest),
    ["claims-worker", .. var rest] => await ClaimsWorker.RunAsync(rest),
    ["phase2", .. var rest] => await Phase2Race.RunAsync(rest),
    ["decoder-memory", .. var rest] => await DecoderMemory.RunAsync(rest),
    ["stages", .. var rest] => InspectionStages.Run(rest),
    ["descriptor", var folder] => await DescriptorAsync(folder),
    ["vector-index"] => VectorIndex(),
    ["pgvector", var connection, var count] => await PgvectorSpeed.RunAsync(connection, int.Parse(count)),
    ["scan", var folder] => await ScanSpeed.RunAsync(folder, repeats: 3),
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
        """
        Usage: run [ROWS…] [--quick] [--runs N] [--work FOLDER] [--pictures FOLDER] [--before FILE] [--photos N] [--write] [--profile]
               phase2 [PICTURES] [--effort N] [--repeats N]
               decoder-memory [PICTURES] [--items N]
               stages PICTURES [--rounds N]
               descriptor PICTURES
               vector-index
               pgvector CONNECTION VECTORS     (an empty database of a PostgreSQL with pgvector)
               scan FOLDER
               blocking PICTURES DATA [--loops N]
        """);
    return 2;
}
