using System.Runtime.InteropServices;

namespace Vitrine.Images.Vips;

/// <summary>libvips could not do an operation. The message is what it wrote into its error buffer, on one line.</summary>
internal sealed class VipsException(string message) : Exception(message)
{
    /// <summary>Takes the text out of libvips' error buffer, which is then empty.</summary>
    public static VipsException FromErrorBuffer(string operation)
    {
        var text = VipsNative.ErrorBufferCopy();
        try
        {
            var lines = (Marshal.PtrToStringUTF8(text) ?? "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return new VipsException(lines.Length == 0 ? $"{operation} failed" : string.Join("; ", lines.Distinct()));
        }
        finally
        {
            VipsNative.Free(text);
        }
    }
}
