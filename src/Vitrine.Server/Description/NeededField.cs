using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Vitrine.Server.Description;

/// <summary>
/// Fields of request bodies that may not be left out, which are marked <see cref="RequiredAttribute"/>: their types can hold nothing all the same, so that a body without one is refused in
/// the words of the call and not in those of the JSON reader.
/// </summary>
internal static class NeededField
{
    public static void Describe(OpenApiSchema schema, OpenApiSchemaTransformerContext context)
    {
        foreach (var field in context.JsonTypeInfo.Properties.Where(property => property.AttributeProvider?.IsDefined(typeof(RequiredAttribute), inherit: false) == true))
        {
            (schema.Required ??= new HashSet<string>()).Add(field.Name);
            if (schema.Properties?[field.Name] is OpenApiSchema { Type: { } type } described)
                described.Type = type & ~JsonSchemaType.Null;
        }
    }
}
