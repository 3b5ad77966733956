using System.Globalization;
using System.Reflection;

namespace Vitrine.Server.Requests;

/// <summary>A parameter in the query of an address.</summary>
/// <param name="Type">Text, a number or a flag.</param>
internal sealed record QueryParameter(string Name, Type Type, bool IsNeeded)
{
    /// <summary>What its value must be, for a person.</summary>
    public string Expected => Type == typeof(string) ? "text" : Type == typeof(bool) ? "true or false" : "a whole number";

    /// <summary>Whether a handler's parameter comes from an address, and not from the engine.</summary>
    public static bool IsOne(ParameterInfo parameter) => TypeOf(parameter) is var type && (type == typeof(string) || type.IsPrimitive);

    public static QueryParameter Of(ParameterInfo parameter) => new(
        parameter.Name!,
        TypeOf(parameter),
        !parameter.HasDefaultValue && new NullabilityInfoContext().Create(parameter).WriteState == NullabilityState.NotNull);

    public bool Takes(string value) => Type switch
    {
        _ when Type == typeof(string) => true,
        _ when Type == typeof(bool) => bool.TryParse(value, out _),
        _ when Type == typeof(int) => int.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
        _ => long.TryParse(value, NumberStyles.Integer, CultureInfo.InvariantCulture, out _),
    };

    private static Type TypeOf(ParameterInfo parameter) => Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType;
}
