using System.Text.Json.Serialization;

namespace Vitrine.Images;

/// <summary>How a list of strings is stored in one column.</summary>
[JsonSerializable(typeof(IReadOnlyList<string>))]
internal sealed partial class StringListJson : JsonSerializerContext;
