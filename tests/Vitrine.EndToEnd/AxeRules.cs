using System.Text.Json;

namespace Vitrine.EndToEnd;

/// <summary>Accessibility rules of axe-core (WCAG 2.0 to 2.2, A and AA), which `npm ci` in web/ brings.</summary>
internal static class AxeRules
{
    private static readonly Lazy<Task<string>> Source = new(() =>
    {
        var path = Path.Combine(AppContext.BaseDirectory, "axe.min.js");
        return File.Exists(path)
            ? File.ReadAllTextAsync(path)
            : throw new FileNotFoundException("axe.min.js is missing: run `npm ci` in web/ and build the tests again.", path);
    });

    /// <returns>One line for each element that breaks a rule.</returns>
    public static async Task<IReadOnlyList<string>> CheckAsync(IPage page)
    {
        // Evaluated from outside: the content security policy of the page stays as it is.
        await page.EvaluateAsync(await Source.Value);
        var breaches = await page.EvaluateAsync<JsonElement>("""
            async () => {
              const result = await axe.run(document, {
                // Experimental, and about what people say aloud to press a control: a tile's name begins with its file's name, whatever is drawn above it.
                rules: { 'label-content-name-mismatch': { enabled: false } },
                runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
                resultTypes: ['violations'],
              });
              return result.violations.flatMap((rule) => rule.nodes.map((node) => `${rule.id}: ${node.target.join(' ')} ${node.failureSummary.replaceAll('\n', ' ')}`));
            }
            """);
        return [.. breaches.EnumerateArray().Select(breach => breach.GetString()!)];
    }
}
