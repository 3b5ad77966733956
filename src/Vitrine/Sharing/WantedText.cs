using System.Globalization;
using Vitrine.Storage;
using Vitrine.Work;

namespace Vitrine.Sharing;

/// <summary>What people wait for as a short line: <c>V 12,15,13</c> on a screen, <c>Q 12</c> asked for one by one; in order.</summary>
internal static class WantedText
{
    public static string Line(WantedAssets wanted, string prefix)
    {
        var line = $"{prefix}{(wanted.AreVisible ? 'V' : 'Q')} {string.Join(',', wanted.AssetIds)}";
        // More than fit on any screen: the most wanted are in front.
        return line.Length <= PostgresNotifications.MaxBytes ? line : line[..line.LastIndexOf(',', PostgresNotifications.MaxBytes)];
    }

    /// <summary>Null for any other line.</summary>
    public static WantedAssets? ReadOrNull(string line) => line is ['V' or 'Q', ' ', .. var ids]
        ? new WantedAssets(
            [.. ids.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(id => long.Parse(id, NumberStyles.None, CultureInfo.InvariantCulture))], line[0] == 'V')
        : null;
}
