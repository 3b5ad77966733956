using System.Buffers;
using System.Text;

namespace Vitrine.Images;

/// <summary>
/// Finds the root element of an XML text without reading the rest: what may stand before it are white space, comments, processing instructions
/// and a document type with declarations of its own. No declaration is obeyed and no entity expanded, which a reader of XML could not do without.
/// </summary>
internal static class XmlProlog
{
    /// <summary>A longer prolog is nobody's.</summary>
    private const int LongestBytes = 1 << 20;

    private static readonly SearchValues<char> s_behindName = SearchValues.Create(" \t\r\n/>");

    /// <param name="content">The file's first bytes: UTF-8 or another superset of ASCII, or UTF-16 with or without a byte order mark.</param>
    /// <returns>The name without its prefix; null for what is no XML.</returns>
    public static string? RootNameOrNull(ReadOnlySpan<byte> content)
    {
        var text = Decode(content[..Math.Min(content.Length, LongestBytes)]).AsSpan().TrimStart();
        while (text.StartsWith("<?") || text.StartsWith("<!"))
        {
            var length = text.StartsWith("<!--") ? Behind(text, "-->") : text.StartsWith("<?") ? Behind(text, "?>") : DocumentTypeLength(text);
            if (length < 0)
                return null;
            text = text[length..].TrimStart();
        }

        if (!text.StartsWith("<"))
            return null;
        text = text[1..];
        var end = text.IndexOfAny(s_behindName);
        var name = end < 0 ? text : text[..end];
        return name[(name.IndexOf(':') + 1)..].ToString();
    }

    private static string Decode(ReadOnlySpan<byte> content) => content switch
    {
        [0xEF, 0xBB, 0xBF, ..] => Encoding.Latin1.GetString(content[3..]),
        [0xFF, 0xFE, ..] => Encoding.Unicode.GetString(content[2..]),
        [0xFE, 0xFF, ..] => Encoding.BigEndianUnicode.GetString(content[2..]),
        [(byte)'<', 0, ..] => Encoding.Unicode.GetString(content),
        [0, (byte)'<', ..] => Encoding.BigEndianUnicode.GetString(content),
        [(byte)'<' or (byte)' ' or (byte)'\t' or (byte)'\r' or (byte)'\n', ..] => Encoding.Latin1.GetString(content), // the markup is ASCII
        _ => "",
    };

    private static int Behind(ReadOnlySpan<char> text, string end) => text.IndexOf(end, StringComparison.Ordinal) is var at and >= 0 ? at + end.Length : -1;

    /// <summary>Up to the bracket that closes it: those within quotes, comments and its own declarations do not.</summary>
    private static int DocumentTypeLength(ReadOnlySpan<char> text)
    {
        var isSubset = false;
        for (var at = 2; at < text.Length; at++)
        {
            switch (text[at])
            {
                case '"' or '\'' when text[(at + 1)..].IndexOf(text[at]) is var quoted:
                    if (quoted < 0)
                        return -1;
                    at += quoted + 1;
                    break;
                case '<' when text[at..].StartsWith("<!--"):
                    if (Behind(text[at..], "-->") is not (var comment and > 0))
                        return -1;
                    at += comment - 1;
                    break;
                case '[':
                    isSubset = true;
                    break;
                case ']':
                    isSubset = false;
                    break;
                case '>' when !isSubset:
                    return at + 1;
            }
        }

        return -1;
    }
}
