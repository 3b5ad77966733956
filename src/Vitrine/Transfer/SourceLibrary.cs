namespace Vitrine.Transfer;

/// <summary>A library in an embedded database, as it stands before it is moved.</summary>
/// <param name="Id">Its id there.</param>
/// <param name="Path">Its root as it is stored.</param>
/// <param name="CreatedAt">Stored time: with path and id it tells this library from every other of any data folder.</param>
/// <param name="Version">Of its counters: it grows with every change of its assets.</param>
/// <param name="Assets">How many it has.</param>
public sealed record SourceLibrary(long Id, string Name, string Path, long CreatedAt, long Version, long Assets);
