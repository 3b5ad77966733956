using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Requests;

/// <summary>Compares the JSON of a request with what the call takes, in the words of the API: what an exception of the JSON reader says names types of the program.</summary>
internal static class BodyCheck
{
    /// <summary>Reads the body, and leaves it to be read once more.</summary>
    /// <exception cref="BadHttpRequestException">It is larger than the server takes, or ends too early.</exception>
    public static async Task<Refusal?> RefusalOrNullAsync(RequestShape shape, HttpRequest request, JsonSerializerOptions json)
    {
        if (shape.Body is null)
            return null;
        var type = json.GetTypeInfo(shape.Body);
        var content = new MemoryStream();
        await request.Body.CopyToAsync(content, request.HttpContext.RequestAborted);
        content.Position = 0;
        request.Body = content;
        if (content.Length == 0)
            return shape.NeedsBody ? new Refusal(ProblemKind.BadBody, $"The body is empty. {Expected(type)}") : null;
        return MediaTypeRefusalOrNull(request) ?? JsonRefusalOrNull(content.GetBuffer().AsMemory(0, (int)content.Length), type, shape.NeedsBody);
    }

    private static Refusal? MediaTypeRefusalOrNull(HttpRequest request)
    {
        if (!request.HasJsonContentType())
            return new Refusal(ProblemKind.NotJson, "Send the body as application/json.");
        // JSON is UTF-8 (RFC 8259). The framework fails on a name that it does not know, and on one in quotes.
        if (MediaTypeHeaderValue.TryParse(request.ContentType, out var media) && media.Charset is { HasValue: true } charset
            && !HeaderUtilities.RemoveQuotes(charset).Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            return new Refusal(ProblemKind.NotJson, $"The body is said to be in '{charset}'. Send it as application/json in UTF-8.");
        request.ContentType = "application/json";
        return null;
    }

    private static Refusal? JsonRefusalOrNull(ReadOnlyMemory<byte> content, JsonTypeInfo type, bool isNeeded)
    {
        try
        {
            using var document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind switch
            {
                JsonValueKind.Object => FieldRefusalOrNull(document.RootElement, type),
                JsonValueKind.Null when !isNeeded => null,
                _ => new Refusal(ProblemKind.BadBody, $"The body is {JsonWords.Of(document.RootElement)}. {Expected(type)}"),
            };
        }
        catch (JsonException exception)
        {
            return new Refusal(ProblemKind.BadBody, $"The body is not JSON: look at line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}. {Expected(type)}");
        }
        catch (InvalidOperationException)
        {
            return new Refusal(ProblemKind.BadBody, "The body holds text that is not Unicode: bytes that are no UTF-8, or half of a surrogate pair. Mend the text.");
        }
    }

    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    private static Refusal? FieldRefusalOrNull(JsonElement body, JsonTypeInfo type)
    {
        foreach (var field in body.EnumerateObject())
        {
            var name = field.Name;
            if (type.Properties.FirstOrDefault(known => known.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) is not { } property)
                return new Refusal(ProblemKind.UnknownField, $"There is no field '{name}'.{NearestWord.QuotedQuestion(name, Names(type))} Known: {string.Join(", ", Names(type))}.");
            if (field.Value.ValueKind != JsonValueKind.Null && !JsonWords.Fits(field.Value, property.PropertyType))
                return new Refusal(ProblemKind.BadBody, $"'{property.Name}' is {JsonWords.Of(field.Value)}; it must be {JsonWords.Of(property.PropertyType)}.");
        }

        return null;
    }

    private static string Expected(JsonTypeInfo type) =>
        $"Send a JSON object with {string.Join(", ", type.Properties.Select(property => $"'{property.Name}' ({JsonWords.Of(property.PropertyType)})"))}.";

    private static IEnumerable<string> Names(JsonTypeInfo type) => type.Properties.Select(property => property.Name);
}
