namespace Vitrine.Benchmarks.Setting;

/// <summary>What one run of the table is told: sizes, repeats, and where its folders are.</summary>
internal sealed class BenchRun(BenchArguments arguments)
{
    /// <summary>Smaller sizes, to see that everything works; its figures are no figures.</summary>
    public bool Quick { get; } = arguments.Has("quick");

    /// <summary>Whether what is measured goes into the pages of docs.</summary>
    public bool Write { get; } = arguments.Has("write");

    /// <summary>Says where a shared database's time goes; it takes a little of it.</summary>
    public bool Profile { get; } = arguments.Has("profile");

    /// <summary>Each figure is the median of so many runs.</summary>
    public int Runs { get; } = arguments.Number("runs", arguments.Has("quick") ? 1 : 3);

    /// <summary>Kept between runs: folders of files and pictures are made once.</summary>
    public string Work { get; } = Path.GetFullPath(arguments.TextOrNull("work") ?? Path.Join(Path.GetTempPath(), "vitrine-bench"));

    /// <summary>JPEG photographs to vary; null for generated ones.</summary>
    public string? Pictures { get; } = arguments.TextOrNull("pictures") is { } folder ? Path.GetFullPath(folder) : null;

    /// <summary>The <c>Vitrine.Cli.dll</c> of an older build, for rows that race it against this one; null for none.</summary>
    public string? Before { get; } = arguments.TextOrNull("before") is { } program ? Path.GetFullPath(program) : null;

    /// <summary>The <c>Vitrine.Cli.dll</c> of this build, with the files that <c>./vitrine</c> runs.</summary>
    public static string Now { get; } = Path.Join(AppContext.BaseDirectory, "Vitrine.Cli.dll");

    /// <summary>What takes turns: this build, and the one before it where there is one.</summary>
    public IReadOnlyList<(string Program, bool IsBefore)> Builds => Before is { } older ? [(Now, false), (older, true)] : [(Now, false)];

    public const int Few = 10;

    public int Many => Quick ? 10_000 : 100_000;

    public int Most => Quick ? 100_000 : 1_000_000;

    public int Photos => Quick ? 200 : 1_000;

    public int MorePhotos => Quick ? 1_000 : 10_000;

    /// <summary>Photographs of a whole import.</summary>
    public int ImportPhotos { get; } = arguments.Number("photos", arguments.Has("quick") ? 300 : 5_000);

    public static void Say(string what) => Console.Error.WriteLine($"{TimeProvider.System.GetLocalNow():HH:mm:ss} {what}");

    private string ScratchFolder => Path.Join(Work, "scratch");

    /// <summary>An empty folder of this run; removed by whoever asked for it.</summary>
    public Scratch Scratch() => new(Path.Join(ScratchFolder, Guid.CreateVersion7().ToString("N")));

    /// <summary>Removes what a run left that was stopped in the middle.</summary>
    public void ForgetScratch()
    {
        if (Directory.Exists(ScratchFolder))
            Directory.Delete(ScratchFolder, recursive: true);
    }
}
