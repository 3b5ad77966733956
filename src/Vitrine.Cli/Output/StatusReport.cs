using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>All libraries and how far they are.</summary>
/// <param name="Workers">The processes that work on the database, of all machines.</param>
/// <param name="Running">Whether a server runs; without one, work stands still.</param>
/// <param name="HeldUp">What holds work up, in whole sentences; null when nothing does.</param>
internal sealed record StatusReport(
    string? Server, bool Running, string? DataFolder, IReadOnlyList<LibraryItem> Libraries, IReadOnlyList<WorkerItem> Workers, string? HeldUp);
