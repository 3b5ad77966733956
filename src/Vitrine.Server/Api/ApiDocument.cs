using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Vitrine.Storage;

namespace Vitrine.Server.Api;

/// <summary>What the generated OpenAPI document cannot know by itself.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
    {
        options.AddDocumentTransformer((document, _, _) =>
        {
            document.Info.Title = "Vitrine";
            document.Servers?.Clear(); // the document is the same wherever it is served
            return Task.CompletedTask;
        });
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type) == typeof(WallTime))
            {
                schema.Type = JsonSchemaType.String | (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is null ? 0 : JsonSchemaType.Null);
                schema.Description = "ISO 8601 by the clock where the picture was taken, with its distance to UTC where that is known: 2021-04-11T15:47:53-05:00 or 2021-04-11T15:47:53.";
            }

            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            // Library and task group ids are opaque strings to clients, though they are numbers here.
            var path = context.Description.RelativePath ?? "";
            foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
            {
                if ((parameter.Name == "id" && !path.StartsWith("api/assets", StringComparison.Ordinal)) || parameter.Name == "library")
                    parameter.Schema = new OpenApiSchema { Type = JsonSchemaType.String };
            }

            return Task.CompletedTask;
        });
    }
}
