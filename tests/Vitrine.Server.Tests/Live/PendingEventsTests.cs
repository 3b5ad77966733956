using Microsoft.Extensions.DependencyInjection;
using Vitrine.Caching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Live;
using Vitrine.Tests.Images;
using Vitrine.Work;
using Xunit;

namespace Vitrine.Server.Tests.Live;

public sealed class PendingEventsTests
{
    [Fact]
    public async Task Take_AfterSeveralChanges_IsOneMessageWithEachVisibleAssetOnce()
    {
        using var pictures = new SamplePictures();
        for (var i = 0; i < 4; i++)
            pictures.Jpeg($"{i}.jpg", 60, 40, seed: i);
        await using var server = await RunningServer.StartAsync();
        var library = long.Parse(await server.PausedLibraryAsync(pictures.Folder));
        var ids = (await server.AssetsAsync($"{library}")).Values.Select(asset => asset.GetProperty("id").GetInt64()).Order().ToArray();
        var pending = new PendingEvents(library, TimeProvider.System);
        pending.Sees(ids[..3]);
        Take(); // what came into the window

        foreach (var changed in (long[][])[[ids[0]], [ids[2], ids[3]], [ids[0]]]) // a commit each
            pending.Hear(new Announcement.AssetsChanged(library, changed));

        Assert.Equal([ids[0], ids[2]], Take().Assets!.Select(asset => asset.Id).Order());
        Assert.True(Take().Heartbeat);

        EventMessage Take() => pending.Take(
            Get<LibraryStore>(), Get<AssetStore>(), Get<BrowseIndex>(), Get<ProgressBoard>(), Get<NamedJobs>(), Get<FollowedLibraries>());

        T Get<T>()
            where T : notnull => server.Server.Services.GetRequiredService<T>();
    }
}
