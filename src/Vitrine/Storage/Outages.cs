using Microsoft.Extensions.Logging;

namespace Vitrine.Storage;

/// <summary>
/// What holds work up now. Whoever meets it notes it here, and whoever succeeds again ends it: readiness, <c>vitrine status</c> and the screen tell of it
/// from here, and the log gets a line when it begins, one each hour, and one when it is over, however many pieces of work meet it.
/// </summary>
/// <remarks>Thread-safe. Ending what has not begun costs next to nothing.</remarks>
public sealed class Outages(TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan s_reminder = TimeSpan.FromHours(1);

    /// <summary>A disk that is just about full refuses large writes and takes small ones: its coming and going is not told each time.</summary>
    private static readonly TimeSpan s_comingAndGoing = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new();
    private readonly Dictionary<OutageKind, (bool IsTold, long At)> _lines = [];
    private volatile Outage[] _current = [];

    /// <summary>The gravest first; empty when all is well.</summary>
    public IReadOnlyList<Outage> Current => _current;

    /// <summary>Null when nothing of this kind is wrong.</summary>
    public Outage? FindOrNull(OutageKind kind) => Array.Find(_current, outage => outage.Kind == kind);

    /// <summary>It was met, for the first time or again.</summary>
    /// <param name="reason">As in <see cref="Outage.Reason"/>; the latest is shown.</param>
    public void Begin(OutageKind kind, string reason)
    {
        lock (_gate)
        {
            var known = FindOrNull(kind);
            if (known?.Reason != reason)
                _current = [.. _current.Where(outage => outage.Kind != kind).Append(new Outage(kind, known?.Since ?? time.GetUtcNow(), reason)).OrderBy(outage => outage.Kind)];
            if (_lines.TryGetValue(kind, out var line) && time.GetElapsedTime(line.At) < (line.IsTold ? s_reminder : s_comingAndGoing))
                return;
            _lines[kind] = (IsTold: true, time.GetTimestamp());
            logger.LogWarning("{Reason}", reason);
        }
    }

    /// <summary>What it kept from working works.</summary>
    public void End(OutageKind kind)
    {
        if (FindOrNull(kind) is null)
            return;
        lock (_gate)
        {
            _current = [.. _current.Where(outage => outage.Kind != kind)];
            if (!_lines.TryGetValue(kind, out var line) || !line.IsTold)
                return;
            _lines[kind] = line with { IsTold = false };
            logger.LogInformation("{What}: work goes on", Over(kind));
        }
    }

    /// <summary>How loudly an exception is logged: what is told here is not told again by each piece of work that meets it.</summary>
    /// <param name="exception">What was met.</param>
    /// <param name="otherwise">For all that is no such trouble.</param>
    public static LogLevel LevelOf(Exception? exception, LogLevel otherwise) => exception is DatabaseUnavailableException { IsTold: true } ? LogLevel.Debug : otherwise;

    private static string Over(OutageKind kind) => kind switch
    {
        OutageKind.DatabaseFile => "The database's file is back",
        OutageKind.DatabaseDamage => "The database is whole",
        OutageKind.DatabaseWriting => "The database can be written again",
        OutageKind.DatabaseReading => "The database can be read again",
        OutageKind.DerivedFiles => "Thumbnails can be written again",
        OutageKind.Decoders => "Decoders start again",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind."),
    };
}
