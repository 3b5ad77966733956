using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Vitrine.Caching;
using Vitrine.Decoding;
using Vitrine.Embeddings;
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
    public static IServiceCollection AddVitrine(this IServiceCollection services, VitrineOptions options) => services
        .AddSingleton(options)
        .AddSingleton(options.Decoding)
        .AddSingleton(options.Indexing)
        .AddSingleton(options.Watching)
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Announcements>()
        .AddSingleton<SnapshotRebuilder>()
        .AddSingleton<SnapshotUpkeep>()
        .AddSingleton<Database>(provider => SqliteDatabase.Open(
            Path.Join(options.DataFolder, DatabaseFile.Name), provider.GetRequiredService<ILogger<SqliteDatabase>>()))
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
        .AddSingleton<IClaimStore, ClaimStore>()
        .AddSingleton<WorkerStore>()
        .AddSingleton<WorkerSession>()
        .AddSingleton<StageLoops>()
        .AddSingleton<FailureStore>()
        .AddSingleton<FailureRetries>()
        .AddSingleton<JobStore>()
        .AddSingleton<NamedJobs>()
        .AddSingleton<ILoggerProvider, JobLog>()
        .AddSingleton<Settlement>()
        .AddSingleton<IDerivedFiles>(_ => new DerivedFolder(options.DataFolder, shared: false, TimeProvider.System))
        .AddSingleton<PictureDetailsStore>()
        .AddSingleton(provider => new DecoderPool(options.Decoding, provider.GetService<DecoderCommand>()))
        .AddSingleton<IEmbedder, VisualDescriptor>()
        .AddSingleton(provider => new EmbeddingStore(provider.GetRequiredService<Database>(), provider.GetRequiredService<IEmbedder>().Space))
        .AddSingleton<SimilarAssets>()
        .AddSingleton<IScanIntake, SqliteScanIntake>()
        .AddSingleton<RootCheck>()
        .AddSingleton<MovedFiles>()
        .AddSingleton<LibraryScan>()
        .AddSingleton(provider => new LibraryScans(
            provider.GetRequiredService<LibraryStore>(),
            provider.GetRequiredService<NamedJobs>(),
            provider.GetRequiredService<LibraryScan>(),
            provider.GetRequiredService<ForgottenAssets>(),
            provider.GetRequiredService<ProgressBoard>(),
            provider.GetRequiredService<TaskGroups>()))
        .AddSingleton<FollowedLibraries>()
        .AddSingleton<IFolderWatcher, FolderWatcher>()
        .AddSingleton<LibraryFollower>()
        .AddSingleton<Renditions>()
        .AddSingleton<Recovery>()
        .AddSingleton<MetadataStage>()
        .AddSingleton<EmbeddingStage>()
        .AddSingleton<EngineMeter>()
        .AddSingleton<Indexer>();
}
