using Vitrine.Benchmarks;

return args switch
{
    ["phase2", .. var rest] => await Phase2Race.RunAsync(rest),
    ["decoder-memory", .. var rest] => await DecoderMemory.RunAsync(rest),
    ["stages", .. var rest] => InspectionStages.Run(rest),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine("Usage: phase2 [PICTURES] [--effort N] [--repeats N]  |  decoder-memory [PICTURES] [--items N]  |  stages PICTURES [--rounds N]");
    return 2;
}
