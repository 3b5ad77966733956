namespace Vitrine.Work;

/// <summary>Assets that a person waits for, most wanted first.</summary>
/// <param name="AreVisible">Whether they are on a screen now; else they were asked for one by one.</param>
public sealed record WantedAssets(IReadOnlyList<long> AssetIds, bool AreVisible);
