namespace Vitrine.Indexing;

/// <summary>What a scan, or a part of it, did to a library.</summary>
/// <param name="Added">New files; those that turned out to be moved ones are taken off again.</param>
internal readonly record struct ScanChanges(long Added, long Changed, long Removed, long Moved = 0)
{
    public static ScanChanges operator +(ScanChanges left, ScanChanges right) =>
        new(left.Added + right.Added, left.Changed + right.Changed, left.Removed + right.Removed, left.Moved + right.Moved);
}
