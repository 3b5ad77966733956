namespace Vitrine.Images.Metadata;

/// <summary>
/// Times as mail (<c>Wed, 01 May 2024 10:20:30 +0200</c>, RFC 1123 and 5322), C (<c>Wed May  1 10:20:30 2024</c>) and people
/// (<c>May 1, 2024 10:20:30 PM</c>) write them. The parts are told by what they look like, so that a missing weekday or another order does no harm.
/// </summary>
internal static class MailTime
{
    private static readonly string[] s_months = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

    /// <returns>As ISO 8601 writes it; null for what lacks a day, a month or a year.</returns>
    public static string? ToIsoOrNull(string text)
    {
        string? day = null, month = null, year = null, time = null, half = null, offset = null;
        foreach (var part in text.Split([' ', ','], StringSplitOptions.RemoveEmptyEntries))
        {
            if (part.Contains(':', StringComparison.Ordinal) && char.IsAsciiDigit(part[0]))
                time ??= part;
            else if (part.All(char.IsAsciiDigit))
                (day, year) = part.Length <= 2 ? (day ?? part, year) : (day, year ?? part);
            else if (part[0] is '+' or '-')
                offset ??= part;
            else if (HalfDay.Is(part))
                half ??= part;
            else if (part is "GMT" or "UT" or "UTC" or "Z")
                offset ??= "Z";
            else if (part.Length >= 3 && Array.IndexOf(s_months, part[..3].ToLowerInvariant()) is var index and >= 0)
                month ??= $"{index + 1:00}";
        }

        return day is null || month is null || year is not { Length: 4 } ? null : $"{year}-{month}-{day.PadLeft(2, '0')} {time}{half} {offset}".TrimEnd();
    }
}
