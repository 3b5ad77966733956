using System.Globalization;

namespace Vitrine.Cli.Settings;

/// <summary>Reads an option's value from text.</summary>
internal static class OptionValue
{
    private static readonly (string Suffix, double Seconds)[] s_units = [("ms", 0.001), ("s", 1), ("m", 60), ("h", 3600)];

    /// <exception cref="FormatException">It is none; the message says what is expected.</exception>
    public static object Parse(Type type, string text)
    {
        text = text.Trim();
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(string))
            return text;
        if (type == typeof(int))
            return int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var small) ? small : throw Expected("a whole number", text);
        if (type == typeof(long))
            return long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out var large) ? large : throw Expected("a whole number", text);
        if (type == typeof(bool))
            return bool.TryParse(text, out var flag) ? flag : throw Expected("true or false", text);
        if (type == typeof(TimeSpan))
            return ParseDuration(text);
        if (type.IsEnum)
        {
            return Enum.TryParse(type, text, ignoreCase: true, out var value) && Enum.IsDefined(type, value) && !char.IsDigit(text[0])
                ? value
                : throw Expected($"one of {string.Join(", ", Enum.GetNames(type).Select(name => name.ToLowerInvariant()))}", text);
        }

        if (type == typeof(IReadOnlyList<string>))
            return text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        throw new NotSupportedException($"Options of type {type.Name} cannot be read: teach {nameof(OptionValue)}.");
    }

    /// <summary><c>90s</c>, <c>1.5m</c>, <c>250ms</c>, <c>2h</c> or <c>00:01:30</c>.</summary>
    private static TimeSpan ParseDuration(string text)
    {
        foreach (var (suffix, seconds) in s_units)
        {
            if (text.EndsWith(suffix, StringComparison.Ordinal)
                && double.TryParse(text.AsSpan(0, text.Length - suffix.Length), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
                && double.Abs(number * seconds) < TimeSpan.MaxValue.TotalSeconds)
            {
                return TimeSpan.FromSeconds(number * seconds);
            }
        }

        // A bare number would be days here: too easily meant as seconds.
        return text.Contains(':') && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)
            ? span
            : throw Expected("a duration such as 90s, 1.5m or 2h", text);
    }

    private static FormatException Expected(string what, string text) => new($"'{text}' is not {what}");
}
