using System.Text.Json.Serialization;

namespace Vitrine.Server.Api;

/// <summary>What an answer covers.</summary>
/// <param name="Covered">Assets it looked at.</param>
/// <param name="Total">Assets there are.</param>
/// <param name="EtaSeconds">When it will cover all; null when that is not known or needs no waiting.</param>
public sealed record Coverage(long Covered, long Total, double? EtaSeconds);

/// <summary>A page of the grid.</summary>
/// <param name="Total">Assets of the whole list.</param>
/// <param name="Offset">How many of them stand before the page.</param>
public sealed record AssetPage(long Total, long Offset, IReadOnlyList<AssetItem> Items, Coverage Coverage);

/// <summary>An asset near another one.</summary>
/// <param name="Similarity">Cosine, -1 to 1; 1 is the same.</param>
public sealed record SimilarItem(AssetItem Asset, double Similarity);

/// <summary>Nearest first.</summary>
/// <param name="Space">Which vectors were compared: those of one space are made in the same way.</param>
public sealed record SimilarPage(string Space, IReadOnlyList<SimilarItem> Items, Coverage Coverage);

/// <summary>What a client sees now, in reading order.</summary>
/// <param name="AssetIds">At most 500 of them count.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
public sealed record Viewport(IReadOnlyList<long>? AssetIds);
