namespace Vitrine.Indexing;

/// <summary>A folder met by a scan.</summary>
/// <param name="Id">Its row.</param>
/// <param name="Unmet">Known files that the scan has not met yet, by name; null for a new folder and once the folder is done.</param>
/// <param name="HadSidecars">Whether the scan before met any in it.</param>
internal sealed record OpenFolder(long Id, Dictionary<string, KnownFile>? Unmet, bool HadSidecars = false);
