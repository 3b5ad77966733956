namespace Vitrine.Images.Damaged;

/// <summary>A damaged picture in a form that decodes.</summary>
internal sealed class RepairedPicture : IDisposable
{
    /// <summary>Every pixel is there.</summary>
    public const string OnlyItsEnd = "ends early: the end of the file is missing; all of the picture is there";

    private readonly FileBuffer? _content;

    private RepairedPicture(PictureSource source, string warning, FileBuffer? content) => (Source, Warning, _content) = (source, warning, content);

    /// <summary>Opened leniently.</summary>
    public PictureSource Source { get; }

    /// <summary>What a person is told: a class, a colon, a sentence.</summary>
    public string Warning { get; }

    /// <param name="share">How much is there, from 0 to 1; with 1 only what comes behind the pixels is missing.</param>
    /// <param name="content">The file in another form, which belongs to the result; null to decode the damaged one leniently.</param>
    /// <returns>Null when too little is there; the content is disposed of then.</returns>
    public static RepairedPicture? OrNull(PictureSource damaged, double share, FileBuffer? content = null)
    {
        if (share < PictureRepair.LeastShare)
        {
            ((IDisposable?)content)?.Dispose();
            return null;
        }

        var warning = share >= 1 ? OnlyItsEnd : $"partly damaged: about {Math.Min(99, (int)(share * 100))} % of the picture can be shown";
        return new RepairedPicture(damaged with { Content = content ?? damaged.Content, IsLenient = true }, warning, content);
    }

    /// <summary>As <see cref="OrNull"/>, of a picture whose file gets finer from its beginning to its end.</summary>
    public static RepairedPicture? CoarseOrNull(PictureSource damaged, double share, FileBuffer content) => share < 1
        ? OrNull(damaged, share, content)
        : new(damaged with { Content = content, IsLenient = true }, "partly damaged: the file ends early; the picture may be coarser than it was", content);

    public void Dispose() => ((IDisposable?)_content)?.Dispose();
}
