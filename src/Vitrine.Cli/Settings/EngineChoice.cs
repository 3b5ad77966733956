using Vitrine.Work;

namespace Vitrine.Cli.Settings;

/// <summary>What the command line says of the database, the machines and the work; null, or empty, where it says nothing.</summary>
internal sealed record EngineChoice(string? Database, string? Derived, string? DerivedEndpoint, IReadOnlyList<string> RootMap, string? Stages)
{
    public static EngineChoice None { get; } = new(null, null, null, [], null);

    /// <summary>The options with what was given in place of what the environment says; mistakes are added to the list.</summary>
    public VitrineOptions Over(VitrineOptions options, List<string> mistakes)
    {
        var work = options.Work;
        try
        {
            if (Stages is not null)
                work = work with { Stages = (WorkedStages)OptionValue.Parse(typeof(WorkedStages), Stages) };
        }
        catch (FormatException exception)
        {
            mistakes.Add($"--stages: {exception.Message}.");
        }

        options = options with
        {
            Database = Database ?? options.Database,
            Derived = Derived ?? options.Derived,
            DerivedEndpoint = DerivedEndpoint ?? options.DerivedEndpoint,
            RootMap = RootMap.Count > 0 ? RootMap : options.RootMap,
            Work = work,
        };
        Check(options, mistakes);
        return options.Derived is { Length: > 0 } derived && !derived.StartsWith(DerivedBucketScheme, StringComparison.Ordinal)
            ? options with { Derived = Path.GetFullPath(derived) }
            : options;
    }

    private static string DerivedBucketScheme => Images.DerivedBucket.Scheme;

    private static void Check(VitrineOptions options, List<string> mistakes)
    {
        try
        {
            Libraries.RootMap.Parse(options.RootMap);
        }
        catch (FormatException exception)
        {
            mistakes.Add($"--root-map: {exception.Message}.");
        }

        if (options.DerivedEndpoint is { } endpoint && !(Uri.TryCreate(endpoint, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"))
            mistakes.Add($"--derived-endpoint: '{endpoint}' is not a URL such as http://127.0.0.1:9000.");
        if (options.Derived is "")
            mistakes.Add("--derived is empty. Give a folder that all machines share, or s3://bucket/prefix, or leave it out.");
        if (options.Derived is { } derived && derived.StartsWith(DerivedBucketScheme, StringComparison.Ordinal)
            && !(Uri.TryCreate(derived, UriKind.Absolute, out var bucket) && bucket.Host.Length > 0))
            mistakes.Add($"--derived: '{derived}' is not the address of a bucket. Expected s3://bucket/prefix.");
    }
}
