using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Server.Description;

/// <summary>What the generated OpenAPI document cannot know by itself.</summary>
internal static class ApiDocument
{
    public static void Describe(OpenApiOptions options)
    {
        options.AddSchemaTransformer((schema, context, _) =>
        {
            if ((Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) ?? context.JsonTypeInfo.Type) == typeof(WallTime))
            {
                schema.Type = JsonSchemaType.String | (Nullable.GetUnderlyingType(context.JsonTypeInfo.Type) is null ? 0 : JsonSchemaType.Null);
                schema.Description = "ISO 8601 by the clock where the picture was taken, with its distance to UTC where that is known: 2021-04-11T15:47:53-05:00 or 2021-04-11T15:47:53.";
            }

            NeededField.Describe(schema, context);
            return Task.CompletedTask;
        });
        options.AddOperationTransformer((operation, context, _) =>
        {
            Parameters.Describe(operation, context.Description);
            Answers.Describe(operation, context);
            return Task.CompletedTask;
        });
        options.AddDocumentTransformer((document, _, _) =>
        {
            DescribeWhole(document);
            return Task.CompletedTask;
        });
    }

    private static void DescribeWhole(OpenApiDocument document)
    {
        document.Info.Title = "Vitrine";
        document.Info.Description =
            "A library for big folders of pictures and 3D models. Errors are problem details (RFC 9457) with a code that stays. Ids of libraries and task groups are opaque strings, ids of assets are "
            + "integers. Whatever can be got answers HEAD, too. Unknown parameters and fields are refused.";
        document.Servers?.Clear(); // the document is the same wherever it is served
        foreach (var path in document.Paths.Values)
            path.Operations?.Remove(HttpMethod.Head); // the same as GET
        document.Components ??= new OpenApiComponents();
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[Answers.ProblemSchema] = Answers.Problem();
        document.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
        {
            ["bearer"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.Http,
                Scheme = "bearer",
                Description = "The access token, which is in the file access-token of the data folder. Not asked for on loopback, unless the server was started so.",
            },
            ["session"] = new OpenApiSecurityScheme
            {
                Type = SecuritySchemeType.ApiKey,
                In = ParameterLocation.Cookie,
                Name = SessionCookie.NameBeginning,
                Description = "What a browser gets for opening /?token=… once. The name here is only how the cookie's name begins: eight letters that stand for the server's token follow, and both make the name.",
            },
        };
        document.Security =
        [
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("bearer", document)] = [] },
            new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference("session", document)] = [] },
            new OpenApiSecurityRequirement(),
        ];
    }
}
