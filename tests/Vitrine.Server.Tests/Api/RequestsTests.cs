using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Vitrine.Server.Errors;
using Vitrine.Tests.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Api;

/// <summary>What a request may hold: whatever else it holds is refused by its name.</summary>
public sealed class RequestsTests
{
    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Get_ParametersThatAreWrong_AreNamed()
    {
        using var folder = new TemporaryFolder();
        folder.File("ab.jpg");
        await using var server = await RunningServer.StartAsync();
        var page = $"/api/libraries/{await server.AddAsync(folder.Path)}/assets";

        foreach (var (path, expected) in ((string, string)[])
            [
                ($"{page}?limit=x", "limit is 'x'; it must be a whole number."), ($"{page}?limit=", "limit is ''"), ($"{page}?offset=1.5", "offset is '1.5'"), ($"{page}?limit=501", "limit is 501; it must be 1 to 500."),
                ($"{page}?limit=1&limit=2", "limit is given 2 times"), ($"{page}?lmit=5", "There is no parameter 'lmit'. Did you mean 'limit'? Known: offset, limit, sort, order, q, seed."),
                ($"{page}?colourfulness=5", "There is no parameter 'colourfulness'. Known: "), ($"{page}?q=%00", "q holds a NUL character"), ($"{page}?seed=99999999999999999999", "seed is"),
                ($"{page}?q=status:nonsense", "'nonsense' is not a status"), ($"{page}?q={string.Join('+', Enumerable.Range(0, 1_200).Select(word => $"w{word}"))}", "1,200 different words"),
                ("/api/tags?q=%00", "q holds a NUL"), ("/api/failures?reason=a%00", "reason holds a NUL"), ("/api/failures?library=x", "library is 'x'"), ("/api/failures?offset=-1", "offset is -1"),
                ("/api/health?x=1", "There is no parameter 'x': this call takes none."), ("/ws/events?libary=1", "Did you mean 'library'?"), ("/sse/progress/1?x=1", "There is no parameter 'x'"),
            ])
            Assert.Contains(expected, await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Get, path), HttpStatusCode.BadRequest), StringComparison.Ordinal);

        Assert.Contains("name is missing", await Contract.AssertProblemAsync(await server.SendAsync(HttpMethod.Delete, "/api/assets/1/tags"), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        foreach (var path in (string[])[$"{page}?offset=9223372036854775807", $"{page}?sort=random&seed=-9223372036854775808", $"{page}?LIMIT=5", $"{page}?q={string.Join('+', Enumerable.Repeat("ab", 1_200))}", $"{page}?q={Uri.EscapeDataString(new string('字', 10_000))}"])
            await server.GetAsync(path);
    }

    [Fact]
    public async Task Post_BodiesThatAreWrong_AreDescribedInTheWordsOfTheApi()
    {
        await using var server = await RunningServer.StartAsync();
        const string Libraries = "/api/libraries", Viewport = "/api/libraries/1/viewport", Tags = "/api/assets/1/tags", Scan = "/api/libraries/1/scan";

        foreach (var (path, body, expected) in ((string, string, string)[])
            [
                (Libraries, "", "The body is empty. Send a JSON object with 'path' (text), 'name' (text), 'include_hidden' (true or false)."), (Libraries, "null", "The body is null."), (Libraries, "[]", "The body is a list"),
                (Libraries, "{\n \"path\": }", "look at line 2"), (Libraries, "{\"path\": 5}", "'path' is a number; it must be text."), (Libraries, "{\"include_hidden\": \"yes\"}", "'include_hidden' is text; it must be true or false."),
                (Libraries, "{\"pth\": \"/tmp\"}", "There is no field 'pth'. Did you mean 'path'? Known: path, name, include_hidden."), (Libraries, "{\"path\": \"\\ud800\"}", "not Unicode"), (Libraries, "{\"path\": \"a\\u0000b\"}", "NUL"),
                (Libraries, $"{new string('[', 100)}", "The body is not JSON"), (Viewport, "{\"asset_ids\": [1, \"2\"]}", "'asset_ids' is a list; it must be a list of whole numbers."),
                (Viewport, "{\"asset_ids\": [1.5]}", "a list of whole numbers"), (Viewport, "{\"asset_ids\": [99999999999999999999]}", "a list of whole numbers"), (Tags, "{\"names\": [1]}", "'names' is"), (Tags, "{\"names\": [null]}", "'names' is"),
                (Tags, "{}", "'names' must be a list of 1 to 100 tags."), (Scan, "{\"confirm\": true}", "There is no field 'confirm'."),
            ])
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            Assert.Contains(expected, await Contract.AssertProblemAsync(await server.Http.PostAsync(path, content, Cancelled), HttpStatusCode.BadRequest), StringComparison.Ordinal);
        }

        using var bytes = new ByteArrayContent([.. "{\"path\": \""u8, 0xFF, .. "\"}"u8]);
        bytes.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        await Contract.AssertProblemAsync(await server.Http.PostAsync(Libraries, bytes, Cancelled), HttpStatusCode.BadRequest);
    }

    [Theory]
    [InlineData(400, "bad_request", 400)]
    [InlineData(408, "body_too_slow", 408)]
    [InlineData(413, "body_too_large", 413)]
    [InlineData(431, "bad_request", 400)]
    public async Task Body_ThatCannotBeRead_HasTheStatusThatItsCodeAlwaysHas(int thrown, string code, int status)
    {
        var context = new DefaultHttpContext();
        context.Response.Body = new MemoryStream();
        context.Features.Set<IExceptionHandlerFeature>(new ExceptionHandlerFeature { Error = new BadHttpRequestException("framework's words", thrown) });

        await ErrorAnswers.WriteUnexpectedAsync(context);

        context.Response.Body.Position = 0;
        using var problem = await JsonDocument.ParseAsync(context.Response.Body, cancellationToken: Cancelled);
        Assert.Equal((status, status, code), (context.Response.StatusCode, problem.RootElement.GetProperty("status").GetInt32(), problem.RootElement.GetProperty("code").GetString()));
    }

    [Fact]
    public async Task Post_BodiesThatAreNotJson_Are415()
    {
        await using var server = await RunningServer.StartAsync();

        foreach (var mediaType in (string[])["application/json; charset=utf-7", "application/json; charset=bogus", "application/json; charset=utf-16", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"])
        {
            using var content = new ByteArrayContent("{\"path\": \"/tmp\"}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
            await Contract.AssertProblemAsync(await server.Http.PostAsync("/api/libraries", content, Cancelled), HttpStatusCode.UnsupportedMediaType);
        }

        foreach (var mediaType in (string[])["application/json", "application/json; charset=\"UTF-8\"", "application/merge-patch+json"])
        {
            using var content = new ByteArrayContent("{\"path\": \"relative\"}"u8.ToArray());
            content.Headers.TryAddWithoutValidation("Content-Type", mediaType);
            await Contract.AssertProblemAsync(await server.Http.PostAsync("/api/libraries", content, Cancelled), HttpStatusCode.BadRequest); // read, and then no folder
        }
    }

    [Fact]
    public async Task Head_WhateverCanBeGot_IsGetWithoutTheBody()
    {
        using var folder = new TemporaryFolder();
        folder.File("a.stl", "solid a\nendsolid a\n");
        await using var server = await RunningServer.StartAsync();
        var library = await server.ImportAsync(folder.Path);
        var asset = await server.IdOfAsync(library, "a.stl");

        foreach (var path in (string[])
            [
                "/api/libraries", $"/api/libraries/{library}", $"/api/libraries/{library}/assets", $"/api/assets/{asset}", $"/api/assets/{asset}/similar", $"/api/assets/{asset}/tags", "/api/tags", "/api/failures", "/api/failures/reasons",
                "/api/jobs", $"/api/jobs/scan:{library}", "/api/workers", $"/api/progress/{library}", "/api/health", "/api/ready", "/api/stats", "/openapi/v1.json", "/metrics",
            ])
        {
            var (get, head) = (await server.SendAsync(HttpMethod.Get, path), await server.SendAsync(HttpMethod.Head, path));
            Assert.Equal((path, HttpStatusCode.OK, HttpStatusCode.OK), (path, get.StatusCode, head.StatusCode));
            Assert.Equal(get.Content.Headers.ContentType, head.Content.Headers.ContentType);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync(Cancelled));
        }

        Assert.Equal(HttpStatusCode.NotFound, (await server.SendAsync(HttpMethod.Head, "/api/libraries/999")).StatusCode);
    }
}
