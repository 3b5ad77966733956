using System.Text.Json;

namespace Vitrine.Server.Requests;

/// <summary>What a JSON value is and what it must be, for a person. Knows the types that request bodies have.</summary>
internal static class JsonWords
{
    public static string Of(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "a list",
        JsonValueKind.String => "text",
        JsonValueKind.Number => "a number",
        JsonValueKind.Null => "null",
        _ => "true or false",
    };

    public static string Of(Type type) => Bare(type) switch
    {
        var bare when ElementOrNull(bare) is { } element => $"a list of {(element == typeof(string) ? "texts" : "whole numbers")}",
        var bare when bare == typeof(string) => "text",
        var bare when bare == typeof(bool) => "true or false",
        _ => "a whole number",
    };

    /// <exception cref="InvalidOperationException">A text is not Unicode.</exception>
    public static bool Fits(JsonElement value, Type type) => Bare(type) switch
    {
        var bare when ElementOrNull(bare) is { } element => value.ValueKind == JsonValueKind.Array && value.EnumerateArray().All(one => Fits(one, element)),
        var bare when bare == typeof(string) => value.ValueKind == JsonValueKind.String && value.GetString() is not null,
        var bare when bare == typeof(bool) => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
        _ => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
    };

    private static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;

    private static Type? ElementOrNull(Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IReadOnlyList<>) ? type.GetGenericArguments()[0] : null;
}
