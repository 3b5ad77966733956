using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Mvc;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Live;
using Vitrine.Tags;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>Everything that travels as JSON, generated at build time: no reflection at the first request.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    Converters =
    [
        typeof(SnakeCaseEnum<AssetKind>), typeof(SnakeCaseEnum<AssetStatus>), typeof(SnakeCaseEnum<Stage>),
        typeof(SnakeCaseEnum<ProgressPhase>), typeof(SnakeCaseEnum<ProgressStatus>), typeof(SnakeCaseEnum<JobStatus>), typeof(SnakeCaseEnum<TagSource>), typeof(SnakeCaseEnum<FeatureState>),
        typeof(SnakeCaseEnum<FollowMode>), typeof(SnakeCaseEnum<FailureClass>), typeof(SnakeCaseEnum<JobLineLevel>),
    ])]
[JsonSerializable(typeof(NewLibrary))]
[JsonSerializable(typeof(ScanOrder))]
[JsonSerializable(typeof(LibraryChange))]
[JsonSerializable(typeof(AddedLibrary))]
[JsonSerializable(typeof(LibraryWork))]
[JsonSerializable(typeof(LibraryItem))]
[JsonSerializable(typeof(LibraryList))]
[JsonSerializable(typeof(AssetPage))]
[JsonSerializable(typeof(AssetFacts))]
[JsonSerializable(typeof(SimilarPage))]
[JsonSerializable(typeof(Viewport))]
[JsonSerializable(typeof(FailurePage))]
[JsonSerializable(typeof(FailureReasonList))]
[JsonSerializable(typeof(RetryWork))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobFacts))]
[JsonSerializable(typeof(WorkerList))]
[JsonSerializable(typeof(ProgressItem))]
[JsonSerializable(typeof(Health))]
[JsonSerializable(typeof(Readiness))]
[JsonSerializable(typeof(Statistics))]
[JsonSerializable(typeof(TagList))]
[JsonSerializable(typeof(AssetTagList))]
[JsonSerializable(typeof(NewTags))]
[JsonSerializable(typeof(ComparedFolder))]
[JsonSerializable(typeof(ForegroundImport))]
[JsonSerializable(typeof(ProblemDetails))]
[JsonSerializable(typeof(EventMessage))]
[JsonSerializable(typeof(ClientMessage))]
internal sealed partial class ApiJson : JsonSerializerContext
{
    /// <summary>As the framework writes what handlers answer: quotation marks, and letters beyond ASCII, as they are.</summary>
    public static ApiJson Readable => field ??= new(new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Gives the requests' own options this context and its names.</summary>
    public static void Configure(JsonSerializerOptions options)
    {
        options.TypeInfoResolverChain.Insert(0, Default);
        options.PropertyNamingPolicy = Default.Options.PropertyNamingPolicy;
        options.NumberHandling = JsonNumberHandling.Strict; // numbers are numbers, in the document too
        foreach (var converter in Default.Options.Converters)
            options.Converters.Add(converter);
    }
}
