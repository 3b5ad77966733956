using System.Net;
using System.Text.Json;
using Xunit;

namespace Vitrine.Server.Tests;

/// <summary>What docs/http.md promises of every answer.</summary>
internal static class Contract
{
    /// <summary>An error as problem details that say what is wrong and what to do.</summary>
    public static async Task<string> AssertProblemAsync(HttpResponseMessage response, HttpStatusCode expected)
    {
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(response.StatusCode == expected, $"{response.RequestMessage?.RequestUri}: {(int)response.StatusCode} instead of {(int)expected}: {text}");
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = JsonDocument.Parse(text).RootElement;
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        Assert.NotEmpty(problem.GetProperty("title").GetString()!);
        var code = problem.GetProperty("code").GetString();
        Assert.Contains(Errors.ProblemKind.All, kind => kind.Code == code);
        Assert.Equal($"urn:vitrine:problem:{code}", problem.GetProperty("type").GetString());
        foreach (var inner in (string[])["System.Int", "System.Nullable", "Vitrine.Server.Api", "   at ", "Service instead", "\\u0027"])
            Assert.DoesNotContain(inner, text, StringComparison.Ordinal);
        AssertSafeHeaders(response);
        return problem.GetProperty("detail").GetString()!;
    }

    /// <summary>What the browser must be told with everything.</summary>
    public static void AssertSafeHeaders(HttpResponseMessage response)
    {
        var what = $"{response.RequestMessage?.Method} {response.RequestMessage?.RequestUri} {(int)response.StatusCode}";
        Assert.True(response.Headers.TryGetValues("X-Content-Type-Options", out var sniff) && sniff.Single() == "nosniff", $"{what}: nosniff is missing");
        Assert.True(response.Headers.TryGetValues("Content-Security-Policy", out var policy), $"{what}: the content security policy is missing");
        Assert.Contains("script-src 'self'", policy.Single(), StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe", policy.Single(), StringComparison.Ordinal);
        Assert.True(response.Headers.TryGetValues("Referrer-Policy", out var referrer) && referrer.Single() == "no-referrer", $"{what}: no-referrer is missing");
        Assert.True(response.Headers.TryGetValues("Cross-Origin-Resource-Policy", out var resource) && resource.Single() == "same-origin", $"{what}: the resource policy is missing");
    }

    /// <summary>The names of an object's members, sorted.</summary>
    public static string[] Names(JsonElement element) => [.. element.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)];
}
