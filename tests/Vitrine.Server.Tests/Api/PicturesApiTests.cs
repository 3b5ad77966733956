using System.Net;
using System.Runtime.InteropServices;
using Microsoft.Extensions.DependencyInjection;
using Vitrine.Images;
using Vitrine.Tests.Images;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Api;

public sealed class PicturesApiTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _pictures.Dispose();

    /// <summary>What readiness says of the work.</summary>
    private static async Task<string?> WorkAsync(RunningServer server, bool ready)
    {
        var work = (await server.GetAsync("/api/ready")).GetProperty("features").EnumerateArray().Single(feature => feature.GetProperty("name").GetString() == "work");
        Assert.Equal(ready, work.GetProperty("ready").GetBoolean());
        return work.GetProperty("detail").GetString();
    }

    [Theory]
    [InlineData("thumbnail_url", "image/webp")]
    [InlineData("preview_url", "image/webp")]
    [InlineData("file_url", "image/jpeg")]
    public async Task Get_Picture_IsImmutableUnderItsContentOnly(string member, string mediaType)
    {
        _pictures.Jpeg("a.jpg", 2000, 1500);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var url = (await server.GetAsync($"/api/assets/{await server.IdOfAsync(library, "a.jpg")}")).GetProperty(member).GetString()!;

        var current = await server.SendAsync(HttpMethod.Get, url);
        var bare = await server.SendAsync(HttpMethod.Get, url.Split('?')[0]);
        var stale = await server.SendAsync(HttpMethod.Get, $"{url.Split('?')[0]}?c=0123456789abcdef");
        var same = await server.SendAsync(HttpMethod.Get, url.Split('?')[0], ("If-None-Match", bare.Headers.ETag!.ToString()));

        Assert.Equal((HttpStatusCode.OK, mediaType), (current.StatusCode, current.Content.Headers.ContentType!.MediaType));
        Assert.Contains("immutable", current.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Contains("max-age=31536000", current.Headers.CacheControl.ToString(), StringComparison.Ordinal);
        foreach (var answer in (HttpResponseMessage[])[bare, stale])
        {
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
            Assert.Contains("no-cache", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.NotModified, same.StatusCode);
        Contract.AssertSafeHeaders(current);
        Contract.AssertSafeHeaders(same);
        var bytes = await current.Content.ReadAsByteArrayAsync(Cancelled);
        Assert.Equal(bytes.Length, current.Content.Headers.ContentLength);
        Assert.Equal(bytes, await bare.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Get_PreviewOnAFullDisk_Is503WithTheReasonAndComesWhenThereIsRoom()
    {
        using var scratch = new TemporaryFolder();
        using var data = new TemporaryFolder("vitrine-data-");
        _pictures.Jpeg("a.jpg", 400, 300);
        FullDerivedFiles? derived = null;
        await using var server = await RunningServer.StartAsync(
            data.Path, replace: services => services.AddSingleton<IDerivedFiles>(_ => derived = new FullDerivedFiles(new DerivedFolder(data.Path, shared: false, TimeProvider.System), scratch.Path)));
        var library = await server.ImportAsync(_pictures.Folder);
        var preview = $"/api/assets/{await server.IdOfAsync(library, "a.jpg")}/preview";

        derived!.IsFull = true;
        var detail = await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, preview), HttpStatusCode.ServiceUnavailable);
        Assert.Contains("the disk for thumbnails and previews is full", detail, StringComparison.Ordinal);
        Assert.DoesNotContain(data.Path, detail, StringComparison.Ordinal);
        Assert.Contains("the disk is full", await WorkAsync(server, ready: false), StringComparison.Ordinal);

        derived.IsFull = false;
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, preview)).StatusCode);
        Assert.Equal("nothing holds it up", await WorkAsync(server, ready: true));
    }

    [Theory]
    [InlineData("thumbnail")]
    [InlineData("preview")]
    [InlineData("file")]
    public async Task Head_Picture_IsGetWithoutTheBody(string what)
    {
        _pictures.Jpeg("a.jpg", 400, 300);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var path = $"/api/assets/{await server.IdOfAsync(library, "a.jpg")}/{what}";

        var get = await server.SendAsync(HttpMethod.Get, path);
        var head = await server.SendAsync(HttpMethod.Head, path);

        Assert.Equal(HttpStatusCode.OK, head.StatusCode);
        Assert.Equal((await get.Content.ReadAsByteArrayAsync(Cancelled)).Length, head.Content.Headers.ContentLength);
        Assert.Equal(get.Headers.ETag, head.Headers.ETag);
        Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Head, $"/api/assets/999/{what}")).StatusCode);
    }

    [Fact]
    public async Task Get_File_GivesTheRangesThatAreAskedFor()
    {
        _pictures.Jpeg("a.jpg", 400, 300);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var path = $"/api/assets/{await server.IdOfAsync(library, "a.jpg")}/file";
        var whole = await File.ReadAllBytesAsync(_pictures.PathOf("a.jpg"), Cancelled);

        var all = await server.SendAsync(HttpMethod.Get, path);
        var part = await server.SendAsync(HttpMethod.Get, path, ("Range", "bytes=10-19"));
        var tail = await server.SendAsync(HttpMethod.Get, path, ("Range", "bytes=-5"));
        var beyond = await server.SendAsync(HttpMethod.Get, path, ("Range", "bytes=99999999-"));

        Assert.Equal(whole, await all.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal("bytes", all.Headers.AcceptRanges.ToString());
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(whole[10..20], await part.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal($"bytes 10-19/{whole.Length}", part.Content.Headers.ContentRange!.ToString());
        Assert.Equal(whole[^5..], await tail.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        Contract.AssertSafeHeaders(beyond);

        // What RFC 9110, section 13 and 14, has of conditions and of ranges that are not served.
        var (tag, length) = (all.Headers.ETag!.ToString(), whole.Length);
        foreach (var (headers, expected, got) in (((string, string)[], int, int)[])
            [
                ([("Range", "bytes=0-0,5-9")], 200, length), ([("Range", "bytes=5-20,10-30")], 200, length), ([("Range", "bytes=-0")], 416, 0),
                ([("Range", "bytes=9-5")], 200, length), ([("Range", "bytes=0-99999999999999")], 206, length), ([("Range", "bytes=0-4"), ("Range", "bytes=5-9")], 200, length),
                ([("Range", "bytes=0-9"), ("If-Range", tag)], 206, 10), ([("Range", "bytes=0-9"), ("If-Range", "\"other\"")], 200, length), ([("Range", "bytes=0-9"), ("If-Range", $"W/{tag}")], 200, length),
                ([("If-Match", "\"other\"")], 412, 0), ([("If-Match", tag)], 200, length), ([("If-None-Match", tag)], 304, 0), ([("If-None-Match", "*")], 304, 0),
            ])
        {
            var what = string.Join(' ', headers);
            var answer = await server.SendAsync(HttpMethod.Get, path, headers);
            Assert.Equal((what, expected, got), (what, (int)answer.StatusCode, (await answer.Content.ReadAsByteArrayAsync(Cancelled)).Length));
        }

        var head = await server.SendAsync(HttpMethod.Head, path, ("Range", "bytes=10-19"));
        Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
    }

    [Fact]
    public async Task Get_Svg_IsShownAsAPictureOfItAndItsFileOnlyHandedOver()
    {
        const string Svg = """<svg xmlns="http://www.w3.org/2000/svg" width="80" height="60"><script>alert(1)</script><rect width="80" height="60" fill="red"/></svg>""";
        _pictures.Text("a.svg", Svg);
        File.Copy(_pictures.PathOf("a.svg"), _pictures.PathOf("disguised.png"));
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);

        foreach (var name in (string[])["a.svg", "disguised.png"])
        {
            var id = await server.IdOfAsync(library, name);
            foreach (var what in (string[])["thumbnail", "preview"])
            {
                var picture = await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/{what}");
                Assert.False((await picture.Content.ReadAsByteArrayAsync(Cancelled)).AsSpan().IndexOf("<script"u8) >= 0, $"{name}/{what} holds script");
                if (name == "a.svg")
                    Assert.Equal("image/webp", picture.Content.Headers.ContentType?.MediaType);
            }

            var file = await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/file");
            Assert.Equal(("application/octet-stream", "attachment"), (file.Content.Headers.ContentType!.MediaType, file.Content.Headers.ContentDisposition!.DispositionType));
            Contract.AssertSafeHeaders(file);
            Assert.Equal(Svg, await file.Content.ReadAsStringAsync(Cancelled));
        }
    }

    [Fact]
    public async Task Get_HtmlOrTextNamedAsAPicture_IsHandedOverAndNeverShown()
    {
        _pictures.Text("page.jpg", "<!DOCTYPE html><script>alert(1)</script>");
        _pictures.Text("text.png", "text");
        _pictures.Text("model.stl", "solid a\nendsolid a\n");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);

        foreach (var name in (string[])["page.jpg", "text.png", "model.stl"])
        {
            var answer = await server.SendAsync(HttpMethod.Get, $"/api/assets/{await server.IdOfAsync(library, name)}/file");
            Assert.Equal(("application/octet-stream", "attachment"), (answer.Content.Headers.ContentType!.MediaType, answer.Content.Headers.ContentDisposition!.DispositionType));
            Contract.AssertSafeHeaders(answer);
        }

        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{await server.IdOfAsync(library, "page.jpg")}/thumbnail"), HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Get_FileNameWithQuotesAndLines_CannotAddHeaders()
    {
        _pictures.Text("a\"\r\nX-Evil: 1\r\n\r\n🐢.stl", "solid a\nendsolid a\n");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var id = (await server.AssetsAsync(library)).Values.Single().GetProperty("id").GetInt64();

        var answer = await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/file");

        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.False(answer.Headers.Contains("X-Evil"));
        Assert.Contains("🐢", answer.Content.Headers.ContentDisposition!.FileNameStar, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Get_FileThatChangedSinceItWasIndexed_IsNotKeptUnderTheOldContent()
    {
        var path = _pictures.Jpeg("a.jpg", 400, 300);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var url = (await server.GetAsync($"/api/assets/{await server.IdOfAsync(library, "a.jpg")}")).GetProperty("file_url").GetString()!;
        _pictures.Jpeg("a.jpg", 500, 300, seed: 7);

        var answer = await server.SendAsync(HttpMethod.Get, url);

        Assert.Equal(await File.ReadAllBytesAsync(path, Cancelled), await answer.Content.ReadAsByteArrayAsync(Cancelled));
        Assert.DoesNotContain("immutable", answer.Headers.CacheControl!.ToString(), StringComparison.Ordinal);
        Assert.Null(answer.Headers.ETag);
    }

    [Fact]
    public async Task Get_ThumbnailThatSomebodyDeleted_IsMadeAgain()
    {
        _pictures.Jpeg("a.jpg", 400, 300);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var path = $"/api/assets/{await server.IdOfAsync(library, "a.jpg")}/thumbnail";
        Directory.Delete(Path.Join(server.DataFolder, "thumbnails"), recursive: true);
        await Shell.RunAsync(@"chmod 600 ""$1""", _pictures.PathOf("a.jpg")); // which changes nothing that is in it

        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, path)).StatusCode);
    }

    [Theory]
    [InlineData("ln -sf {outside} a.jpg")]
    [InlineData("rm a.jpg && mkfifo a.jpg")]
    [InlineData("rm a.jpg && mkdir a.jpg")]
    public async Task Get_SomethingElseTookTheOriginalsPlace_Is404(string exchange)
    {
        using var outside = new SamplePictures();
        outside.Jpeg("secret.jpg", 300, 200);
        _pictures.Jpeg("a.jpg", 400, 300);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");

        await Shell.RunAsync($@"cd ""$1"" && {exchange.Replace("{outside}", outside.PathOf("secret.jpg"))}", _pictures.Folder);

        foreach (var what in new[] { "file", "preview" })
            await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/{what}"), HttpStatusCode.NotFound);
    }

    /// <summary>Whatever lies under the name at the moment: what was looked at is served, or nothing.</summary>
    [Fact]
    public async Task Get_OriginalThatIsExchangedAllTheTime_IsNeverTheFileOutside()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "two names are exchanged in one step on Linux only");
        using var outside = new TemporaryFolder();
        _pictures.Jpeg("a.jpg", 40, 30);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var path = $"/api/assets/{await server.IdOfAsync(library, "a.jpg")}/file";
        File.CreateSymbolicLink(_pictures.PathOf("link.jpg"), outside.File("secret.jpg", "secret"));
        using var asked = new CancellationTokenSource();
        var exchanging = Task.Run(
            () =>
            {
                while (!asked.IsCancellationRequested)
                    Assert.Equal(0, Exchange(-100, _pictures.PathOf("a.jpg"), -100, _pictures.PathOf("link.jpg"), 2 /* RENAME_EXCHANGE */));
            },
            Cancelled);

        var statuses = new HashSet<HttpStatusCode>();
        try
        {
            for (var i = 0; i < 300; i++)
            {
                using var answer = await server.SendAsync(HttpMethod.Get, path);
                statuses.Add(answer.StatusCode);
                Assert.DoesNotContain("secret", await answer.Content.ReadAsStringAsync(Cancelled), StringComparison.Ordinal);
            }
        }
        finally
        {
            await asked.CancelAsync();
            await exchanging;
        }

        Assert.Subset(new HashSet<HttpStatusCode> { HttpStatusCode.OK, HttpStatusCode.NotFound }, statuses);
    }

    [Fact]
    public async Task Get_OriginalThatIsGone_Is404AndTheThumbnailStays()
    {
        var file = _pictures.Jpeg("a.jpg", 400, 300);
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(_pictures.Folder);
        var id = await server.IdOfAsync(library, "a.jpg");
        File.Delete(file);

        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/file"), HttpStatusCode.NotFound);
        await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/preview"), HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.OK, (await server.SendAsync(HttpMethod.Get, $"/api/assets/{id}/thumbnail")).StatusCode);
    }

    [DllImport("libc", EntryPoint = "renameat2")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Exchange(int folder, [MarshalAs(UnmanagedType.LPUTF8Str)] string path, int otherFolder, [MarshalAs(UnmanagedType.LPUTF8Str)] string other, uint flags);
}
