using System.Buffers;
using System.Globalization;
using Vitrine.Storage;

namespace Vitrine.Images.Metadata;

/// <summary>How much of a time its source said.</summary>
internal enum TimePrecision
{
    Year,
    Month,
    Day,
    Minute,
    Second,
    Fraction,
}

/// <summary>A time as a picture's metadata tells it: on the wall clock where it was taken, with the distance to UTC where that is known.</summary>
/// <param name="Local">Parts beyond <paramref name="Precision"/> are at their first value.</param>
/// <param name="Offset">East of UTC; null where the source does not say.</param>
/// <param name="Precision">The finest part that the source said.</param>
internal readonly record struct CaptureTime(DateTime Local, TimeSpan? Offset, TimePrecision Precision)
{
    // Cameras with an empty battery write year 0 or 65535; digitised paintings may carry the date of the painting.
    private const int EarliestYear = 1600;
    private const int LatestYear = 2100;

    private static readonly SearchValues<char> s_unknown = SearchValues.Create(" :-/.0T");

    /// <summary>To the microsecond.</summary>
    public WallTime ToWallTime() => new(new DateTime(Local.Ticks - (Local.Ticks % TimeSpan.TicksPerMicrosecond)), Offset);

    /// <summary>
    /// Reads EXIF (<c>2024:05:01 10:00:00</c>, also with single digits and slashes, as some devices write it), XMP (<c>2024</c> to
    /// <c>2024-05-01T10:00:00.5+02:00</c>), IPTC (<c>20240501 100000+0200</c>) and mail's <c>Wed, 01 May 2024 10:00:00 +0200</c>, which PNG suggests;
    /// each also with AM or PM behind the time of day.
    /// Null for what is no plausible date; a date survives a damaged time of day.
    /// </summary>
    public static CaptureTime? Parse(string? text)
    {
        var rest = text.AsSpan().Trim();
        if (!TryTake(ref rest, 4, out var year))
            return MailTime.ToIsoOrNull(rest.ToString()) is { } iso ? Parse(iso) : null;
        if (year is < EarliestYear or > LatestYear)
            return null;
        // A date that is wrong is worse than none: what stands for the month must be a month, or nothing.
        if (!TryTakeAfter(ref rest, ":-/.", out var month) || month == 0)
            return IsUnknown(rest) ? new(new DateTime(year, 1, 1), null, TimePrecision.Year) : null;
        if (month > 12)
            return null;
        if (!TryTakeAfter(ref rest, ":-/.", out var day) || day == 0)
            return IsUnknown(rest) ? new(new DateTime(year, month, 1), null, TimePrecision.Month) : null;
        if (day > DateTime.DaysInMonth(year, month))
            return null;
        return TimeOfDay(rest, new DateTime(year, month, day));
    }

    /// <summary>
    /// The same time with what another source of the same picture adds: a finer part, or the offset. A source that tells
    /// another time adds nothing.
    /// </summary>
    public CaptureTime RefinedBy(CaptureTime other)
    {
        var shared = Precision < other.Precision ? Precision : other.Precision;
        if (Truncate(Local, shared) != Truncate(other.Local, shared))
            return this;
        if (Offset is { } mine && other.Offset is { } theirs && mine != theirs)
            return this;
        var offset = Offset ?? other.Offset;
        return other.Precision > Precision ? other with { Offset = offset } : this with { Offset = offset };
    }

    private static CaptureTime TimeOfDay(ReadOnlySpan<char> rest, DateTime date)
    {
        if (!TryTakeAfter(ref rest, " T", out var hour) || !TryTakeAfter(ref rest, ":", out var minute) || hour > 23 || minute > 59)
            return new(date, null, TimePrecision.Day);
        var time = date.AddMinutes(minute);
        var precision = TimePrecision.Minute;
        if (TryTakeAfter(ref rest, ":", out var second))
        {
            // A leap second is told as 60.
            time = time.AddSeconds(Math.Min(second, 59));
            precision = TimePrecision.Second;
            if (TryTakeFraction(ref rest, out var ticks))
            {
                time = time.AddTicks(ticks);
                precision = TimePrecision.Fraction;
            }
        }
        time = time.AddHours(HalfDay.ShiftHour(hour, ref rest));
        return new(time, ParseOffset(rest), precision);
    }

    private static TimeSpan? ParseOffset(ReadOnlySpan<char> text)
    {
        text = text.Trim();
        if (text is ['Z' or 'z', ..])
            return TimeSpan.Zero;
        if (text is not ['+' or '-', ..])
            return null;
        var sign = text[0] == '-' ? -1 : 1;
        text = text[1..];
        if (!TryTake(ref text, 2, out var hours))
            return null;
        if (!TryTakeAfter(ref text, ":", out var minutes))
            minutes = 0;
        var offset = new TimeSpan(hours, minutes, 0);
        return minutes > 59 || offset > TimeSpan.FromHours(14) ? null : sign * offset;
    }

    private static DateTime Truncate(DateTime time, TimePrecision precision) => precision switch
    {
        TimePrecision.Year => new(time.Year, 1, 1),
        TimePrecision.Month => new(time.Year, time.Month, 1),
        TimePrecision.Day => time.Date,
        TimePrecision.Minute => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerMinute)),
        TimePrecision.Second => new(time.Ticks - (time.Ticks % TimeSpan.TicksPerSecond)),
        _ => time,
    };

    private static bool TryTake(ref ReadOnlySpan<char> rest, int digits, out int value)
    {
        value = 0;
        if (rest.Length < digits || !int.TryParse(rest[..digits], NumberStyles.None, CultureInfo.InvariantCulture, out value))
            return false;
        rest = rest[digits..];
        return true;
    }

    /// <summary>Nothing but what stands for parts that nobody knows.</summary>
    private static bool IsUnknown(ReadOnlySpan<char> rest) => rest.IndexOfAnyExcept(s_unknown) < 0;

    /// <summary>Two digits; behind a separator one will do, where no other follows.</summary>
    private static bool TryTakeAfter(ref ReadOnlySpan<char> rest, string separators, out int value)
    {
        var isSeparated = rest.Length > 0 && separators.Contains(rest[0]);
        var from = isSeparated ? rest[1..] : rest;
        if (!TryTake(ref from, 2, out value) && !(isSeparated && TryTake(ref from, 1, out value)))
            return false;
        rest = from;
        return true;
    }

    private static bool TryTakeFraction(ref ReadOnlySpan<char> rest, out long ticks)
    {
        ticks = 0;
        if (rest is not ['.' or ',', ..])
            return false;
        rest = rest[1..];
        var unit = TimeSpan.TicksPerSecond / 10;
        var digits = 0;
        for (; digits < rest.Length && char.IsAsciiDigit(rest[digits]); digits++, unit /= 10)
            ticks += (rest[digits] - '0') * unit;
        rest = rest[digits..];
        return digits > 0;
    }
}
