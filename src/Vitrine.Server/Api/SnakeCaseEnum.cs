using System.Text.Json;
using System.Text.Json.Serialization;

namespace Vitrine.Server.Api;

/// <summary>Enums travel as snake_case words.</summary>
internal sealed class SnakeCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false)
    where T : struct, Enum;
