using System.Text.Json.Serialization;
using Vitrine.Server.Api;

namespace Vitrine.Server.Live;

/// <summary>Changes of the last moment; parts that did not change are absent.</summary>
/// <param name="Total">The library's number of assets.</param>
/// <param name="Reload">Whether assets went or the order changed, so that the window has to be fetched again.</param>
/// <param name="Assets">Changed assets among those the client sees.</param>
/// <param name="Tags">Names of tags that assets of any library got or lost.</param>
/// <param name="Caches">Caches that were swapped, those of this library and those of all.</param>
internal sealed record EventMessage(
    string? LibraryId,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] long? Total,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Reload,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<AssetItem>? Assets,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<LibraryItem>? Libraries,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<JobItem>? Jobs,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<string>? Tags,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] IReadOnlyList<CacheItem>? Caches,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] bool? Heartbeat);

/// <summary>A cache that was swapped: what is read from it now is of this generation or a later one; 0 for one that was let go.</summary>
internal sealed record CacheItem(string Name, long Generation);

/// <summary>What a client says on its events socket: the assets it sees.</summary>
internal sealed record ClientMessage(IReadOnlyList<long>? Visible);
