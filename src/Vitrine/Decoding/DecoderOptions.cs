using System.ComponentModel.DataAnnotations;

namespace Vitrine.Decoding;

/// <summary>How files are decoded.</summary>
public sealed record DecoderOptions
{
    /// <summary>Child processes at work; 0 means one per core.</summary>
    [Range(0, 256)]
    public int Processes { get; init; }

    /// <summary>A decoder that works longer on one file is killed. On Linux, what it waits for a processor does not count.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan ItemTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A decoder that has not said hello this long after its start is killed; its file is tried again. It is counted like <see cref="ItemTimeLimit"/>.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan StartTimeLimit { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A picture with more pixels is refused; its header is still read.</summary>
    [Range(1, 100_000_000_000)]
    public long PixelLimit { get; init; } = 500_000_000;

    /// <summary>Resident bytes after which a decoder is replaced, checked between files.</summary>
    [Range(64L << 20, long.MaxValue)]
    public long MemoryLimit { get; init; } = 512L << 20;

    /// <summary>
    /// Bytes that a decoder may take for one file: resident ones, at which it gives up, and private ones, which the kernel gives it no more of. Null means 4 GiB, or less on a
    /// small machine: a quarter of its memory or, with more than two <see cref="Processes"/>, an equal share for each of them and the two with other libraries, but at least 512 MiB.
    /// </summary>
    [Range(128L << 20, long.MaxValue)]
    public long? ItemMemoryLimit { get; init; }

    /// <summary>A decoder is replaced after so many files, against leaks in native libraries.</summary>
    [Range(1, int.MaxValue)]
    public int RecycleAfter { get; init; } = 10_000;

    /// <summary>Pixels; the longer side of a thumbnail.</summary>
    [Range(16, 2048)]
    public int ThumbnailLongSide { get; init; } = 320;

    /// <summary>WebP quality of thumbnails and previews.</summary>
    [Range(1, 100)]
    public int ThumbnailQuality { get; init; } = 80;

    /// <summary>WebP effort, 0 to 6: more is slower and smaller (docs/decisions/0005 has the figures).</summary>
    [Range(0, 6)]
    public int ThumbnailEffort { get; init; } = 2;
}
