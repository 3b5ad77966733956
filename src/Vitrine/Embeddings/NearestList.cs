namespace Vitrine.Embeddings;

/// <summary>Keeps the nearest of all neighbours offered: highest similarity first, at the same similarity the lower id.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class NearestList(int count)
{
    private static readonly Comparer<Neighbour> s_nearestFirst = Comparer<Neighbour>.Create((a, b) =>
        a.Similarity == b.Similarity ? a.AssetId.CompareTo(b.AssetId) : b.Similarity.CompareTo(a.Similarity));

    // The farthest kept is at the front, where a nearer one replaces it.
    private readonly PriorityQueue<Neighbour, Neighbour> _kept = new(Comparer<Neighbour>.Create((a, b) => s_nearestFirst.Compare(b, a)));

    private Neighbour _farthest;

    /// <summary>Cheap enough to ask for every vector before more is done about it.</summary>
    public bool Wants(Neighbour neighbour) =>
        neighbour.Similarity > _farthest.Similarity || _kept.Count < count
        || (neighbour.Similarity == _farthest.Similarity && neighbour.AssetId < _farthest.AssetId);

    public void Offer(Neighbour neighbour)
    {
        if (!Wants(neighbour))
            return;
        if (_kept.Count < count)
            _kept.Enqueue(neighbour, neighbour);
        else
            _kept.EnqueueDequeue(neighbour, neighbour);
        _farthest = _kept.Peek();
    }

    public void OfferAll(NearestList other)
    {
        foreach (var (neighbour, _) in other._kept.UnorderedItems)
            Offer(neighbour);
    }

    public Neighbour[] ToArray()
    {
        var neighbours = _kept.UnorderedItems.Select(item => item.Element).ToArray();
        Array.Sort(neighbours, s_nearestFirst);
        return neighbours;
    }
}
