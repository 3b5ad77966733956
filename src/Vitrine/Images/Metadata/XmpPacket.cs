using System.Text;
using System.Text.RegularExpressions;
using System.Xml;

namespace Vitrine.Images.Metadata;

/// <summary>
/// Reads an XMP packet (RDF in XML) in one pass, without a tree. Not by XmpCore 6.1.10: it loads the packet as a document and descends by
/// recursion (100,000 nested elements end the process, tried), and a mistake in one property loses them all.
/// </summary>
internal static partial class XmpPacket
{
    // Adobe's deepest structures are below 20; a reader's memory grows with the depth.
    private const int MaxDepth = 64;
    private const int MaxValues = 1_000;
    private const int MaxPrefixes = 100;
    private const string Rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#";
    private const string Xml = "http://www.w3.org/XML/1998/namespace";

    private static readonly XmlReaderSettings s_settings = new()
    {
        DtdProcessing = DtdProcessing.Prohibit,
        XmlResolver = null,
        MaxCharactersInDocument = MetadataBlocks.MaxBytes,
        MaxCharactersFromEntities = 1,
        CheckCharacters = false,
        IgnoreComments = true,
        IgnoreProcessingInstructions = true,
        IgnoreWhitespace = true,
    };

    /// <summary>What stands before the first damage; null for no XMP, a document type declaration, or more than 8 MB.</summary>
    public static XmpProperties? Read(ReadOnlyMemory<byte> packet)
    {
        if (packet.Length > MetadataBlocks.MaxBytes || Decode(packet.Span) is not { } text)
            return null;
        var properties = new XmpProperties();
        using var reader = XmlReader.Create(new StringReader(text), s_settings, Prefixes(text));
        try
        {
            if (!MoveToRdf(reader))
                return null;
            ReadNodes(reader, properties);
        }
        catch (XmlException)
        {
            // Complete properties stand; of a refused declaration nothing was read.
            return properties;
        }
        return properties;
    }

    /// <summary>UTF-8, UTF-16 or Latin-1 by its bytes, from the first to the last angle bracket: packets are padded, and some writers add zeros.</summary>
    private static string? Decode(ReadOnlySpan<byte> packet)
    {
        var text = packet switch
        {
            [0xFE, 0xFF, ..] or [0, (byte)'<', ..] => Encoding.BigEndianUnicode.GetString(packet),
            [0xFF, 0xFE, ..] or [(byte)'<', 0, ..] => Encoding.Unicode.GetString(packet),
            _ => MetadataText.Decode(packet.TrimEnd("\0 \r\n\t"u8)),
        };
        var (first, last) = (text.IndexOf('<', StringComparison.Ordinal), text.LastIndexOf('>'));
        return first < 0 || last < first ? null : text[first..(last + 1)];
    }

    /// <summary>
    /// A prefix for each that the packet uses: one that it forgets to declare costs nothing then, and a known one means what it always does.
    /// Declarations in the packet go before these.
    /// </summary>
    private static XmlParserContext Prefixes(string text)
    {
        var names = new XmlNamespaceManager(new NameTable());
        var known = 0;
        foreach (var match in UsedPrefix().EnumerateMatches(text))
        {
            var prefix = text.AsSpan(match.Index + 1, match.Length - 2).TrimStart('/').Trim().ToString();
            if (prefix is "xml" or "xmlns" || names.HasNamespace(prefix))
                continue;
            names.AddNamespace(prefix, prefix == "rdf" ? Rdf : XmpProperties.NamespaceOrNull(prefix) ?? $"undeclared:{prefix}");
            if (++known == MaxPrefixes)
                break;
        }

        return new XmlParserContext(names.NameTable, names, null, XmlSpace.None);
    }

    /// <summary>Of an element or an attribute.</summary>
    [GeneratedRegex(@"[<\s/][\p{L}_][\w.-]*:", RegexOptions.CultureInvariant)]
    private static partial Regex UsedPrefix();

    private static bool MoveToRdf(XmlReader reader)
    {
        while (reader.Read() && reader.Depth <= MaxDepth)
        {
            if (reader.NodeType == XmlNodeType.Element && reader.LocalName == "RDF" && reader.NamespaceURI == Rdf)
                return !reader.IsEmptyElement;
        }
        return false;
    }

    // rdf:RDF
    //   rdf:Description prop="text" …          properties as attributes
    //     prop text                            or as elements: of text,
    //     prop / rdf:Bag|Seq|Alt / rdf:li …    of an array,
    //     prop rdf:resource="text"             or of a reference
    private static void ReadNodes(XmlReader reader, XmpProperties properties)
    {
        var rdf = reader.Depth;
        while (reader.Read() && reader.Depth > rdf && reader.Depth <= MaxDepth)
        {
            if (reader.NodeType != XmlNodeType.Element)
                continue;
            if (reader.Depth == rdf + 1)
                ReadAttributes(reader, properties);
            else if (reader.Depth == rdf + 2 && XmpProperties.NameOf(reader.NamespaceURI, reader.LocalName) is { } name)
                ReadProperty(reader, name, properties);
        }
    }

    private static void ReadAttributes(XmlReader reader, XmpProperties properties)
    {
        while (reader.MoveToNextAttribute())
        {
            if (XmpProperties.NameOf(reader.NamespaceURI, reader.LocalName) is { } name)
                properties.Add(name, [new(null, reader.Value)]);
        }
        reader.MoveToElement();
    }

    /// <summary>Ends on the property's last node, so that the caller's next read goes on behind it.</summary>
    private static void ReadProperty(XmlReader reader, string name, XmpProperties properties)
    {
        var values = new List<XmpValue>();
        var depth = reader.Depth;
        var language = reader.GetAttribute("lang", Xml);
        if (reader.GetAttribute("resource", Rdf) is { } reference)
            values.Add(new(language, reference));
        var text = new StringBuilder();
        // Qualifiers are elements of other namespaces inside a value; their text is not the value's.
        var foreign = int.MaxValue;
        while (!reader.IsEmptyElement || reader.Depth > depth)
        {
            if (!reader.Read() || reader.Depth > MaxDepth || (reader.NodeType == XmlNodeType.EndElement && reader.Depth == depth))
                break;
            if (reader.Depth > foreign || (reader.Depth == foreign && reader.NodeType == XmlNodeType.EndElement))
                continue;
            foreign = int.MaxValue;
            switch (reader.NodeType)
            {
                case XmlNodeType.Element when reader.NamespaceURI != Rdf:
                    foreign = reader.Depth;
                    break;
                case XmlNodeType.Element when reader.LocalName == "li":
                    language = reader.GetAttribute("lang", Xml);
                    text.Clear();
                    break;
                case XmlNodeType.EndElement when reader.LocalName == "li":
                    AddText(values, language, text);
                    break;
                case XmlNodeType.Text or XmlNodeType.CDATA or XmlNodeType.SignificantWhitespace when text.Length < MetadataText.MaxLength:
                    text.Append(reader.Value);
                    break;
            }
        }
        if (values.Count == 0)
            AddText(values, language, text);
        properties.Add(name, values);
    }

    private static void AddText(List<XmpValue> values, string? language, StringBuilder text)
    {
        if (values.Count < MaxValues && text.Length > 0)
            values.Add(new(language, text.ToString()));
        text.Clear();
    }
}
