namespace Vitrine.Indexing;

/// <summary>What a scan, or a part of it, did to a library.</summary>
internal readonly record struct ScanChanges(long Added, long Changed, long Removed)
{
    public static ScanChanges operator +(ScanChanges left, ScanChanges right) =>
        new(left.Added + right.Added, left.Changed + right.Changed, left.Removed + right.Removed);
}
