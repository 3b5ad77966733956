namespace Vitrine.Storage;

/// <summary>Something that holds work up now, and for which no file is to blame.</summary>
/// <param name="Since">When it was first met.</param>
/// <param name="Reason">Whole sentences for a person: what is wrong, and what to do.</param>
public sealed record Outage(OutageKind Kind, DateTimeOffset Since, string Reason);
