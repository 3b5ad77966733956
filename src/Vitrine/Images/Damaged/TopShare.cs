using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>How far down a picture can be decoded, found by decoding ever larger parts of it.</summary>
internal static class TopShare
{
    /// <summary>The part that decodes is told to so many steps.</summary>
    private const int Steps = 64;

    /// <param name="decodes">Whether so much of the picture from its top, from 0 to 1, decodes as it should.</param>
    /// <returns>From 0 to 1; 0 when not even half decodes, which is of no use.</returns>
    public static double Of(Func<double, bool> decodes)
    {
        if (!decodes(0.5))
            return 0;
        if (decodes(1))
            return 1;
        var (good, bad) = (Steps / 2, Steps);
        while (bad - good > 1)
        {
            var middle = (good + bad) / 2;
            (good, bad) = decodes(middle / (double)Steps) ? (middle, bad) : (good, middle);
        }

        return good / (double)Steps;
    }

    /// <summary>Decodes so much of a picture from its top, and keeps no more of it than the sum of each row's samples.</summary>
    /// <exception cref="VipsException">It does not decode.</exception>
    public static VipsImage SumsOfRows(VipsImage opened, double part)
    {
        var rows = Math.Clamp((int)(opened.Height * part), 1, opened.Height);
        using var top = new VipsOperation("extract_area")
            .With("input", opened).With("left", 0).With("top", 0).With("width", opened.Width).With("height", rows).Run("out");
        return new VipsOperation("project").With("in", top).Run("rows");
    }
}
