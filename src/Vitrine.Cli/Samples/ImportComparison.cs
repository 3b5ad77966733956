using Vitrine.Cli.Client;
using Vitrine.Cli.Progress;
using Vitrine.Server.Api;

namespace Vitrine.Cli.Samples;

/// <summary>Imports one folder twice over HTTP, as a browser would: by one request that answers when everything is decoded, then as a library.</summary>
/// <remarks>One after the other, so that each has all processors.</remarks>
internal sealed class ImportComparison(VitrineClient client, string folder, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(25);

    public ImportStopwatch Foreground { get; } = new("The blocking way", time);

    public ImportStopwatch Background { get; } = new("Vitrine's way", time);

    /// <summary>Pictures and models that both have read; 0 until the second one has, and where they differ.</summary>
    public int Files { get; private set; }

    /// <summary>How what the two have read differs, as a sentence; null where it does not. The times are true all the same.</summary>
    public string? Difference { get; private set; }

    /// <summary>Has everything decoded once, unmeasured: starting the decoders, and files that the system has not read yet, are to be no way's burden.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => client.ImportInForegroundAsync(cancellationToken);

    /// <exception cref="CommandException">The server is gone, or refuses.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Foreground.Start();
        var foreground = await client.ImportInForegroundAsync(cancellationToken);
        Foreground.SeeFirst(); // all of them came with the one answer
        Foreground.Finish();
        var background = await ImportInBackgroundAsync(cancellationToken);
        if (foreground.Files == background.Total && foreground.Failed == background.Failed)
            Files = foreground.Files;
        else
            Difference = $"The two did not read the same: the blocking way {foreground.Files} files (failed: {foreground.Failed}), Vitrine's way {background.Total} (failed: {background.Failed}). {folder} may have changed meanwhile, or hold links, of which Vitrine follows only some.";
    }

    /// <summary>The result as a table of three lines, and one more where the two differ.</summary>
    public override string ToString() =>
        $"""
        {"",-18}{"first picture",16}{(Difference is null ? $"all {Files:N0} files" : "all files"),16}
        {Foreground.Name,-18}{Foreground.First,16}{Foreground.All,16}
        {Background.Name,-18}{Background.First,16}{Background.All,16}
        {Difference}
        """.TrimEnd();

    private async Task<ProgressItem> ImportInBackgroundAsync(CancellationToken cancellationToken)
    {
        Background.Start();
        var (library, _) = await client.AddAsync(new NewLibrary(folder, null, null), cancellationToken);
        using var seen = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var first = SeeFirstAsync(library.LibraryId, seen.Token);
        try
        {
            var final = await new ProgressFollower(client).FollowAsync(library.TaskGroupId, _ => { }, cancellationToken);
            Background.Finish();
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing); // it looks once more
            return final;
        }
        finally
        {
            await seen.CancelAsync();
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until one of the library's pictures has arrived here, or none is there when all is done.</summary>
    private async Task SeeFirstAsync(string libraryId, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        bool isLast;
        do
        {
            isLast = Background.IsFinished;
            var assets = await client.FirstAssetsAsync(libraryId, cancellationToken);
            if (assets.FirstOrDefault(asset => asset.ThumbnailUrl is not null) is not { ThumbnailUrl: { } picture })
                continue;
            await client.TextAsync(picture.TrimStart('/'), cancellationToken);
            Background.SeeFirst();
            return;
        }
        while (!isLast && await timer.WaitForNextTickAsync(cancellationToken));
    }
}
