using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>What <c>vitrine search</c> found.</summary>
/// <param name="Total">Files that match; more than the items where they were limited.</param>
internal sealed record SearchReport(string Query, long Total, IReadOnlyList<FoundAsset> Items);

/// <summary>A file that matches.</summary>
/// <param name="File">Its whole path on the machine of the server.</param>
/// <param name="Library">The library's name.</param>
internal sealed record FoundAsset(string File, string LibraryId, string Library, AssetItem Asset)
{
    public static FoundAsset Of(LibraryItem library, AssetItem asset) => new($"{library.Path.TrimEnd('/')}/{asset.Path}", library.LibraryId, library.Name, asset);
}
