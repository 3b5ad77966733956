namespace Vitrine.Images.Damaged;

/// <summary>A damaged picture in a form that decodes.</summary>
internal sealed class RepairedPicture : IDisposable
{
    /// <summary>Every pixel is there.</summary>
    public const string OnlyItsEnd = "ends early: the end of the file is missing; all of the picture is there";

    /// <summary>Every pixel of an animation's first frame is there, which is the one that is shown.</summary>
    public const string OnlyLaterFrames = "ends early: the end of the animation is missing; its first frame is whole";

    /// <summary>Something before the end is wrong, and nobody can tell how much of the picture it spoils.</summary>
    public const string SomeRows = "partly damaged: some rows of the picture may be wrong";

    private readonly FileBuffer? _content;

    private RepairedPicture(PictureSource source, string warning, FileBuffer? content) => (Source, Warning, _content) = (source, warning, content);

    /// <summary>Opened leniently.</summary>
    public PictureSource Source { get; }

    /// <summary>What a person is told: a class, a colon, a sentence.</summary>
    public string Warning { get; }

    /// <param name="share">How much is there, from 0 to 1.</param>
    /// <param name="content">The file in another form, which belongs to the result; null to decode the damaged one leniently.</param>
    /// <param name="whole">The warning with a share of 1.</param>
    /// <returns>Null when too little is there; the content is disposed of then.</returns>
    public static RepairedPicture? OrNull(PictureSource damaged, double share, FileBuffer? content = null, string whole = OnlyItsEnd)
    {
        if (share < PictureRepair.LeastShare)
        {
            ((IDisposable?)content)?.Dispose();
            return null;
        }

        var warning = share >= 1 ? whole : $"partly damaged: about {Math.Min(99, (int)(share * 100))} % of the picture can be shown";
        return new RepairedPicture(damaged with { Content = content ?? damaged.Content, IsLenient = true }, warning, content);
    }

    /// <summary>As <see cref="OrNull"/>, of a picture whose file gets finer from its beginning to its end.</summary>
    public static RepairedPicture? CoarseOrNull(PictureSource damaged, double share, FileBuffer content) => share < 1
        ? OrNull(damaged, share, content)
        : new(damaged with { Content = content, IsLenient = true }, "partly damaged: the file ends early; the picture may be coarser than it was", content);

    public void Dispose() => ((IDisposable?)_content)?.Dispose();
}
