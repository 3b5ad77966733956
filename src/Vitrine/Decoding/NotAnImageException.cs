using System.Text;

namespace Vitrine.Decoding;

/// <summary>The file's content is not a picture, whatever its name says.</summary>
internal sealed class NotAnImageException(string message) : Exception(message)
{
    /// <summary>Says what was found instead, as text where it is text.</summary>
    public static NotAnImageException From(ReadOnlySpan<byte> head)
    {
        var first = head[..Math.Min(head.Length, 12)];
        var isText = true;
        foreach (var value in first)
            isText &= value is >= 0x20 and < 0x7F or (byte)'\n' or (byte)'\r' or (byte)'\t';
        return new NotAnImageException(isText
            ? $"begins with the text “{Encoding.ASCII.GetString(first).ReplaceLineEndings(" ")}”"
            : $"begins with the bytes {Convert.ToHexString(first)}");
    }
}
