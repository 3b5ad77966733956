using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Vitrine.Server.Errors;

namespace Vitrine.Server.Description;

/// <summary>The answers of each call besides its JSON: files, streams, sockets, and every error that it can have.</summary>
internal static class Answers
{
    public const string ProblemSchema = "Problem";

    public static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var responses = operation.Responses ??= new OpenApiResponses();
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        if (metadata.OfType<BinaryAnswer>().FirstOrDefault() is { } file)
            AddFile(responses, file);
        if (metadata.OfType<SpokenProtocol>().FirstOrDefault() is { } spoken)
        {
            responses.Remove("200");
            // Of events the schema is that of the data of each.
            var content = spoken is { MediaType: { } media, Message: { } message } ? Content(new OpenApiSchemaReference(message.Name, context.Document), media) : null;
            responses[Key(spoken.Status)] = new OpenApiResponse { Description = spoken.Description, Content = content };
        }

        foreach (var status in KindsOf(operation, context).Distinct().GroupBy(kind => kind.Status).OrderBy(status => status.Key))
        {
            responses.TryAdd(Key(status.Key), new OpenApiResponse
            {
                Description = string.Join(" ", status.Select(kind => $"{kind.Title} ({kind.Code}).")),
                Content = Content(new OpenApiSchemaReference(ProblemSchema, context.Document), "application/problem+json"),
            });
        }
    }

    /// <summary>The form of every error.</summary>
    public static OpenApiSchema Problem() => new()
    {
        Type = JsonSchemaType.Object,
        Description = "An error, as RFC 9457 has it.",
        Required = new HashSet<string> { "type", "title", "status", "detail", "code" },
        Properties = new Dictionary<string, IOpenApiSchema>
        {
            ["type"] = Text("The kind of error as a URN: urn:vitrine:problem: and the code."),
            ["title"] = Text("The kind of error, for people."),
            ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Description = "The status of the answer." },
            ["detail"] = Text("What is wrong and what to do, for people."),
            ["code"] = new OpenApiSchema
            {
                Type = JsonSchemaType.String,
                Description = "The kind of error, for programs. Codes stay; others may come.",
                Enum = [.. ProblemKind.All.Select(kind => JsonValue.Create(kind.Code)!)],
            },
        },
    };

    private static IEnumerable<ProblemKind> KindsOf(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        var parameters = operation.Parameters ?? [];
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        var isSocket = metadata.OfType<SpokenProtocol>().Contains(SpokenProtocol.Socket);
        ProblemKind[] kinds =
        [
            ProblemKind.UnknownParameter, ProblemKind.TokenNeeded, ProblemKind.UnknownHost, ProblemKind.Unexpected,
            .. metadata.OfType<AsksNoDatabase>().Any() ? [] : new[] { ProblemKind.DatabaseUnavailable },
            .. parameters.Any(parameter => parameter.In == ParameterLocation.Query) ? [ProblemKind.BadParameter] : Array.Empty<ProblemKind>(),
            .. parameters.Any(parameter => parameter.In == ParameterLocation.Path || parameter.Name == "library") ? [ProblemKind.NotFound] : Array.Empty<ProblemKind>(),
            .. operation.RequestBody is null ? [] : new[] { ProblemKind.BadBody, ProblemKind.UnknownField, ProblemKind.BodyTooLarge, ProblemKind.BodyTooSlow, ProblemKind.NotJson },
            .. isSocket || !HttpMethods.IsGet(context.Description.HttpMethod ?? "") ? [ProblemKind.ForeignOrigin] : Array.Empty<ProblemKind>(),
            .. isSocket ? [ProblemKind.SocketNeeded] : Array.Empty<ProblemKind>(),
        ];
        return kinds.Concat(metadata.OfType<PossibleProblems>().SelectMany(possible => possible.Kinds)).OrderBy(kind => kind.Code, StringComparer.Ordinal);
    }

    private static void AddFile(OpenApiResponses responses, BinaryAnswer file)
    {
        var content = Content(new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" }, [.. file.MediaTypes]);
        responses["200"] = new OpenApiResponse { Description = "The file.", Content = content };
        responses["206"] = new OpenApiResponse { Description = "The ranges that were asked for.", Content = content };
        responses["304"] = new OpenApiResponse { Description = "The same as the client has." };
        responses["412"] = new OpenApiResponse { Description = "A precondition (If-Match, If-Unmodified-Since) does not hold." };
        responses["416"] = new OpenApiResponse { Description = "There is no such range." };
    }

    private static Dictionary<string, OpenApiMediaType> Content(IOpenApiSchema schema, params IReadOnlyList<string> mediaTypes) =>
        mediaTypes.ToDictionary(mediaType => mediaType, _ => new OpenApiMediaType { Schema = schema });

    private static OpenApiSchema Text(string description) => new() { Type = JsonSchemaType.String, Description = description };

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);
}
