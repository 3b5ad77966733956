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

    /// <summary>Pictures and models that both have read; 0 until the second one has.</summary>
    public int Files { get; private set; }

    /// <summary>Has everything decoded once, unmeasured: starting the decoders, and files that the system has not read yet, are to be no way's burden.</summary>
    public Task PrepareAsync(CancellationToken cancellationToken) => client.ImportInForegroundAsync(cancellationToken);

    /// <exception cref="CommandException">The two did not read the same files.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        Foreground.Start();
        var foreground = await client.ImportInForegroundAsync(cancellationToken);
        Foreground.Finish();
        var background = await ImportInBackgroundAsync(cancellationToken);
        if (foreground.Files != background.Total || foreground.Failed != background.Failed)
        {
            throw CommandException.CouldNotRun(
                $"The blocking way found {foreground.Files} files (failed: {foreground.Failed}), Vitrine's way {background.Total} (failed: {background.Failed}): {folder} was changed meanwhile. Try again.");
        }

        Files = foreground.Files;
    }

    /// <summary>The result as a table of three lines.</summary>
    public override string ToString() =>
        $"""
        {"",-18}{"first picture",16}{$"all {Files:N0} files",16}
        {Foreground.Name,-18}{Foreground.First,16}{Foreground.All,16}
        {Background.Name,-18}{Background.First,16}{Background.All,16}
        """;

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
            return final;
        }
        finally
        {
            await seen.CancelAsync();
            await first.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Waits until one of the library's pictures has arrived here.</summary>
    private async Task SeeFirstAsync(string libraryId, CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(s_look, time);
        do
        {
            var assets = await client.FirstAssetsAsync(libraryId, cancellationToken);
            if (assets.FirstOrDefault(asset => asset.ThumbnailUrl is not null) is not { ThumbnailUrl: { } picture })
                continue;
            await client.TextAsync(picture.TrimStart('/'), cancellationToken);
            Background.SeeFirst();
            return;
        }
        while (await timer.WaitForNextTickAsync(cancellationToken));
    }
}
