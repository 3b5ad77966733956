
namespace Vitrine.Progress;

/// <summary>How many assets stand where; also a difference between two such states, then with negative parts.</summary>
public readonly record struct StatusCounts(long Pending, long Indexed, long Embedding, long Ready, long Failed)
{
    public long Total => Pending + Indexed + Embedding + Ready + Failed;

    /// <summary>Assets that need no more work.</summary>
    public long Settled => Ready + Failed;

    public static StatusCounts Of(AssetStatus status, long count) => status switch
    {
        AssetStatus.Pending => new(count, 0, 0, 0, 0),
        AssetStatus.Indexed => new(0, count, 0, 0, 0),
        AssetStatus.Embedding => new(0, 0, count, 0, 0),
        AssetStatus.Ready => new(0, 0, 0, count, 0),
        AssetStatus.Failed => new(0, 0, 0, 0, count),
        _ => throw new ArgumentOutOfRangeException(nameof(status), status, "Not a status."),
    };

    public static StatusCounts operator +(StatusCounts left, StatusCounts right) => new(
        left.Pending + right.Pending,
        left.Indexed + right.Indexed,
        left.Embedding + right.Embedding,
        left.Ready + right.Ready,
        left.Failed + right.Failed);

    public static StatusCounts operator -(StatusCounts left, StatusCounts right) => new(
        left.Pending - right.Pending,
        left.Indexed - right.Indexed,
        left.Embedding - right.Embedding,
        left.Ready - right.Ready,
        left.Failed - right.Failed);
}
