using System.Text.Json.Serialization;
using Vitrine.Images;

namespace Vitrine.Decoding;

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PictureMetadata))]
internal sealed partial class PictureMetadataJson : JsonSerializerContext;
