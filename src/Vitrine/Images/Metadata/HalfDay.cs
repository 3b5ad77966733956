namespace Vitrine.Images.Metadata;

/// <summary>The halves of a day of clocks with twelve hours, behind the time: <c>AM</c>, <c>pm</c>, <c>p.m.</c></summary>
internal static class HalfDay
{
    public static bool Is(ReadOnlySpan<char> text) => LengthOf(text) is var length and > 0 && length == text.Length;

    /// <summary>The hour from 0 to 23. What is none of a clock with twelve hours stays as it is.</summary>
    /// <param name="hour">As it was written, from 0 to 23.</param>
    /// <param name="rest">What follows the time; afterwards what follows the half.</param>
    public static int ShiftHour(int hour, ref ReadOnlySpan<char> rest)
    {
        var text = rest.TrimStart();
        var length = LengthOf(text);
        if (length == 0 || (length < text.Length && char.IsLetter(text[length])))
            return hour;
        rest = text[length..];
        return hour > 12 ? hour : (hour % 12) + (text[0] is 'p' or 'P' ? 12 : 0);
    }

    private static int LengthOf(ReadOnlySpan<char> text) =>
        text.StartsWith("am", StringComparison.OrdinalIgnoreCase) || text.StartsWith("pm", StringComparison.OrdinalIgnoreCase) ? 2
        : text.StartsWith("a.m.", StringComparison.OrdinalIgnoreCase) || text.StartsWith("p.m.", StringComparison.OrdinalIgnoreCase) ? 4 : 0;
}
