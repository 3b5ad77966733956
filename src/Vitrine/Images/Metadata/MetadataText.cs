using System.Text;

namespace Vitrine.Images.Metadata;

/// <summary>Turns the bytes of text fields into strings fit for a screen.</summary>
internal static class MetadataText
{
    /// <summary>Longer texts are cut here: a description is read by people, and every one is stored and sent.</summary>
    public const int MaxLength = 32_768;

    private static readonly UTF8Encoding s_strictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Latin-1 with dashes, quotes and the euro sign where that has control characters: what "Latin-1" means to most writers, and to browsers.</summary>
    private static readonly Encoding s_windows = CodePagesEncodingProvider.Instance.GetEncoding(1252)!;

    /// <summary>UTF-8 where the bytes are valid UTF-8, else Windows-1252: EXIF and old IPTC do not say which they use.</summary>
    public static string Decode(ReadOnlySpan<byte> bytes) =>
        System.Text.Unicode.Utf8.IsValid(bytes) ? s_strictUtf8.GetString(bytes) : s_windows.GetString(bytes);

    /// <summary>Text of EXIF: ends at the first zero byte.</summary>
    public static string? DecodeTerminated(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOf((byte)0);
        return Tidy(Decode(end < 0 ? bytes : bytes[..end]));
    }

    /// <summary>The XP fields of Windows: UTF-16, little-endian, ends at the first zero.</summary>
    public static string? DecodeUtf16(ReadOnlySpan<byte> bytes, bool bigEndian = false)
    {
        var encoding = bigEndian ? Encoding.BigEndianUnicode : Encoding.Unicode;
        var text = encoding.GetString(bytes[..(bytes.Length & ~1)]);
        var end = text.IndexOf('\0', StringComparison.Ordinal);
        return Tidy(end < 0 ? text : text[..end]);
    }

    /// <summary>Without surrounding white space, control characters (line breaks and tabs stay) and lone surrogates; null when nothing is left.</summary>
    public static string? Tidy(string? text)
    {
        if (text is null)
            return null;
        var trimmed = text.AsSpan().Trim([' ', '\t', '\r', '\n', '\0', '\uFEFF', '\u00A0']);
        if (trimmed.Length > MaxLength)
            trimmed = trimmed[..MaxLength];
        if (trimmed.IsEmpty)
            return null;
        return IsClean(trimmed) ? Same(text, trimmed) : Cleaned(trimmed);
    }

    private static string Same(string text, ReadOnlySpan<char> trimmed) => trimmed.Length == text.Length ? text : trimmed.ToString();

    private static bool IsClean(ReadOnlySpan<char> text)
    {
        foreach (var c in text)
        {
            if (IsControl(c) || char.IsSurrogate(c))
                return false;
        }
        return true;
    }

    private static string? Cleaned(ReadOnlySpan<char> text)
    {
        var kept = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
                kept.Append(text[i]).Append(text[++i]);
            else if (!IsControl(text[i]) && !char.IsSurrogate(text[i]))
                kept.Append(text[i]);
        }
        var result = kept.ToString().Trim();
        return result.Length == 0 ? null : result;
    }

    private static bool IsControl(char c) => c is not ('\n' or '\r' or '\t') && char.IsControl(c);
}
