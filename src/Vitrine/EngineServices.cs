using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Embeddings.Pgvector;
using Vitrine.Images;
using Vitrine.Indexing;
using Vitrine.Indexing.Watching;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Storage;
using Vitrine.Tags;
using Vitrine.Work;

namespace Vitrine;

/// <summary>Puts the engine together.</summary>
public static class EngineServices
{
    /// <summary>Registers everything; nothing is opened or started before it is asked for.</summary>
    public static IServiceCollection AddVitrine(this IServiceCollection services, VitrineOptions options) =>
        options.Database is null ? services.AddEngine(options) : services.AddEngine(options).AddSharing();

    private static IServiceCollection AddEngine(this IServiceCollection services, VitrineOptions options) => services
        .AddSingleton(options)
        .AddSingleton(options.Decoding)
        .AddSingleton(options.Indexing)
        .AddSingleton(options.Watching)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Announcements>()
        .AddSingleton<SnapshotRebuilder>()
        .AddSingleton<SnapshotUpkeep>()
        .AddSingleton(options.Work)
        .AddSingleton(_ => RootMap.Parse(options.RootMap))
        // A shared clock asks the database for the time, and so cannot tell the time of its outages.
        .AddSingleton(provider => new Outages(options.Database is null ? provider.GetRequiredService<TimeProvider>() : TimeProvider.System, provider.GetRequiredService<ILogger<Outages>>()))
        .AddSingleton(provider => OpenDatabase(options, provider))
        .AddSingleton<ProgressBoard>()
        .AddSingleton<ProgressFeed>()
        .AddSingleton<ProgressStore>()
        .AddSingleton<LibraryStore>()
        .AddSingleton<TaskGroups>()
        .AddSingleton<AssetStore>()
        .AddSingleton<BrowseIndex>()
        .AddSingleton<ForgottenAssets>()
        .AddSingleton<TagCounts>()
        .AddSingleton<TagStore>()
        .AddSingleton<WorkSignal>()
        .AddSingleton<VisibleAssets>()
        .AddSingleton<UnseenRoots>()
        .AddSingleton<IClaimStore, ClaimStore>()
        .AddSingleton<WorkerStore>()
        .AddSingleton<ThisWorker>()
        .AddSingleton<WorkerSession>()
        .AddSingleton<StageLoops>()
        .AddSingleton<FailureStore>()
        .AddSingleton<FailureRetries>()
        .AddSingleton<JobStore>()
        .AddSingleton<NamedJobs>()
        .AddSingleton<ILoggerProvider, JobLog>()
        .AddSingleton<Settlement>()
        .AddSingleton(_ => OpenDerived(options))
        .AddSingleton<PictureDetailsStore>()
        .AddSingleton(provider => new DecoderPool(options.Decoding, provider.GetService<DecoderCommand>(), provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<IEmbedder, VisualDescriptor>()
        .AddSingleton(provider => new EmbeddingStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<IEmbedder>().Space))
        .AddSingleton(OpenVectorSearch)
        .AddSingleton<SimilarAssets>()
        .AddSingleton<VectorPreparation>()
        .AddSingleton<ScanIntake>()
        .AddSingleton<RootCheck>()
        .AddSingleton<MovedFiles>()
        .AddSingleton<TouchedFiles>()
        .AddSingleton<LibraryScan>()
        .AddSingleton(provider => new LibraryScans(
            provider.GetRequiredService<LibraryStore>(),
            provider.GetRequiredService<NamedJobs>(),
            provider.GetRequiredService<LibraryScan>(),
            provider.GetRequiredService<ForgottenAssets>(),
            provider.GetRequiredService<ProgressBoard>(),
            provider.GetRequiredService<TaskGroups>(),
            provider.GetRequiredService<TimeProvider>()))
        .AddSingleton<FollowedLibraries>()
        .AddSingleton<IFolderWatcher, FolderWatcher>()
        .AddSingleton<LibraryFollower>()
        .AddSingleton<Renditions>()
        .AddSingleton<Recovery>()
        .AddSingleton<MetadataStage>()
        .AddSingleton<UnexpectedTrouble>()
        .AddSingleton<TimeOuts>()
        .AddSingleton<EarlyVectors>()
        .AddSingleton<EmbeddingStage>()
        .AddSingleton<EngineMeter>()
        .AddSingleton<Indexer>();

    private static Database OpenDatabase(VitrineOptions options, IServiceProvider provider) => options.Database is { } connection
        ? PostgresDatabase.Open(connection, provider.GetRequiredService<ILogger<PostgresDatabase>>(), provider.GetRequiredService<Outages>())
        : SqliteDatabase.Open(
            Path.Join(options.DataFolder, DatabaseFile.Name),
            provider.GetRequiredService<ILogger<SqliteDatabase>>(),
            provider.GetRequiredService<Outages>(),
            provider.GetRequiredService<TimeProvider>());

    /// <summary>The database searches vectors where it can; else they are scanned in this process's memory.</summary>
    private static IVectorSearch OpenVectorSearch(IServiceProvider provider)
    {
        var store = provider.GetRequiredService<EmbeddingStore>();
        var announcements = provider.GetRequiredService<Announcements>();
        var time = provider.GetRequiredService<TimeProvider>();
        return provider.GetRequiredService<Database>() switch
        {
            PostgresDatabase { Vectors.InUse: true } able => new PgvectorSearch(able, store.Space, able.Vectors.Detail, announcements, time),
            PostgresDatabase unable => new ExactVectorSearch(store, announcements, time, because: unable.Vectors.Detail),
            _ => new ExactVectorSearch(store, announcements, time),
        };
    }

    /// <summary>The data folder is one process's own; what was given is shared.</summary>
    internal static IDerivedFiles OpenDerived(VitrineOptions options)
    {
        if (options.Derived is not { } derived)
            return OpenDerivedFolder(options.DataFolder, shared: false);
        return derived.StartsWith(DerivedBucket.Scheme, StringComparison.Ordinal)
            ? new DerivedBucket(
                derived,
                options.DerivedEndpoint is { } endpoint ? new Uri(endpoint) : null,
                OpenDerivedFolder(options.DataFolder, shared: false))
            : OpenDerivedFolder(derived, shared: true);
    }

    /// <summary>What is missing is made so that other users of the machine see nothing of the pictures.</summary>
    private static DerivedFolder OpenDerivedFolder(string folder, bool shared)
    {
        foreach (var path in (string[])[Path.TrimEndingDirectorySeparator(folder), Path.Join(folder, "tmp"), Path.Join(folder, DerivedName.Thumbnails), Path.Join(folder, DerivedName.Previews)])
            OwnFiles.PrepareFolder(path);
        return new DerivedFolder(folder, shared, TimeProvider.System);
    }
}
