namespace Vitrine.Indexing;

/// <summary>Names that systems hide or make for themselves.</summary>
internal static class HiddenNames
{
    private static readonly string[] s_system =
        ["thumbs.db", "desktop.ini", "@eadir", "$recycle.bin", "system volume information", "__macosx", "lost+found", "#recycle"];

    /// <summary>Dot files, and what Windows, macOS and NAS systems leave in folders.</summary>
    public static bool IsHidden(ReadOnlySpan<char> name)
    {
        if (name[0] == '.')
            return true;
        foreach (var system in s_system)
        {
            if (name.Equals(system, StringComparison.OrdinalIgnoreCase))
                return true;
        }

        return false;
    }
}
