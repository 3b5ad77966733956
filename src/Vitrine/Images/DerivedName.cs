namespace Vitrine.Images;

/// <summary>The name of a derived picture: its kind and the SHA-256 of the file it was made from. The same name always means the same picture.</summary>
public readonly record struct DerivedName
{
    /// <summary>The folders of the two kinds.</summary>
    internal const string Thumbnails = "thumbnails", Previews = "previews";

    private DerivedName(string kind, byte[] sha256)
    {
        var name = Convert.ToHexStringLower(sha256);
        Key = $"{kind}/{name[..2]}/{name[2..4]}/{name}.webp";
    }

    /// <summary><c>thumbnails/ab/cd/&lt;sha256&gt;.webp</c>, with <c>/</c> everywhere.</summary>
    public string Key { get; }

    public static DerivedName Thumbnail(byte[] sha256) => new(Thumbnails, sha256);

    public static DerivedName Preview(byte[] sha256) => new(Previews, sha256);

    public override string ToString() => Key;
}
