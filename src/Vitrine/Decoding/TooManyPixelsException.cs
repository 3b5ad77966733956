using System.Globalization;
using Vitrine.Images;

namespace Vitrine.Decoding;

/// <summary>The picture has more pixels than <see cref="DecoderOptions.PixelLimit"/>.</summary>
internal sealed class TooManyPixelsException(PictureHeader header, long limit) : Exception(string.Create(CultureInfo.InvariantCulture,
    $"{header.Width} x {header.Height} is {(double)header.Width * header.Height / 1e6:0.#} megapixels, the limit is {limit / 1e6:0.#}"));
