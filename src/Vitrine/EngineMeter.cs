using System.Diagnostics.Metrics;
using System.Runtime.CompilerServices;
using Vitrine.Caching;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tags;
using Vitrine.Work;

namespace Vitrine;

/// <summary>Lets what is be looked up in this engine: queues, caches, decoders. Ends with the engine.</summary>
internal sealed class EngineMeter : IDisposable
{
    public EngineMeter(
        DecoderPool decoders, ProgressBoard board, ProgressFeed feed, LibraryStore libraries, BrowseIndex browse, TagCounts tags, IVectorSearch vectors, NamedJobs jobs)
    {
        // Counters stand in their classes and are there before the first count.
        foreach (var counters in new[] { typeof(DatabaseMetrics), typeof(DecodingMetrics), typeof(WorkMetrics) })
            RuntimeHelpers.RunClassConstructor(counters.TypeHandle);
        Meter = new Meter(VitrineMeter.Name, version: null, tags: null, scope: this);
        DecodingMetrics.Observe(Meter, decoders);
        ProgressMetrics.Observe(Meter, board, feed, () => libraries.All().Select(library => library.Id));
        CacheMetrics.Observe(Meter, () => browse.Statistics.Append(tags.Statistics).Concat(vectors.Statistics));
        WorkMetrics.Observe(Meter, jobs);
        Meter.CreateObservableGauge("vitrine.vectors", () => vectors.Loaded, "{vector}", "Vectors in memory.");
        Meter.CreateObservableGauge("vitrine.process.memory", () => Environment.WorkingSet, "By", "Resident memory of the server, without its decoders.");
    }

    public Meter Meter { get; }

    public void Dispose() => Meter.Dispose();
}
