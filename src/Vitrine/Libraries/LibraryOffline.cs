namespace Vitrine.Libraries;

/// <summary>The root of a library is away: nothing is removed, and its work waits.</summary>
/// <param name="Since">UTC; when it was first noticed.</param>
/// <param name="Reason">For people: what is wrong with the folder.</param>
public sealed record LibraryOffline(DateTimeOffset Since, string Reason);
