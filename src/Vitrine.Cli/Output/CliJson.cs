using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Vitrine.Cli.Client;
using Vitrine.Cli.Diagnosis;
using Vitrine.Cli.Selftest;
using Vitrine.Libraries;
using Vitrine.Progress;
using Vitrine.Server.Api;
using Vitrine.Work;

namespace Vitrine.Cli.Output;

/// <summary>What commands print with <c>--json</c>.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    Converters =
    [
        typeof(SnakeCaseEnum<Stage>), typeof(SnakeCaseEnum<ProgressPhase>), typeof(SnakeCaseEnum<ProgressStatus>), typeof(SnakeCaseEnum<CheckState>),
        typeof(SnakeCaseEnum<FollowMode>), typeof(SnakeCaseEnum<FailureClass>), typeof(SnakeCaseEnum<AssetKind>), typeof(SnakeCaseEnum<AssetStatus>),
        typeof(SnakeCaseEnum<JobStatus>), typeof(SnakeCaseEnum<JobLineLevel>),
    ])]
[JsonSerializable(typeof(ImportSummary))]
[JsonSerializable(typeof(RetrySummary))]
[JsonSerializable(typeof(FailedCommand))]
[JsonSerializable(typeof(SearchReport))]
[JsonSerializable(typeof(ForgottenLibrary))]
[JsonSerializable(typeof(TokenReport))]
[JsonSerializable(typeof(NewName))]
[JsonSerializable(typeof(StatusReport))]
[JsonSerializable(typeof(FailurePage))]
[JsonSerializable(typeof(FailureReasonList))]
[JsonSerializable(typeof(JobList))]
[JsonSerializable(typeof(JobFacts))]
[JsonSerializable(typeof(JobItem))]
[JsonSerializable(typeof(LibraryItem))]
[JsonSerializable(typeof(DoctorReport))]
[JsonSerializable(typeof(ReadableFormats))]
[JsonSerializable(typeof(BackupSummary))]
[JsonSerializable(typeof(RestoreSummary))]
[JsonSerializable(typeof(MigrateSummary))]
[JsonSerializable(typeof(SelftestReport))]
internal sealed partial class CliJson : JsonSerializerContext
{
    /// <summary>As above, with names of files as they are: this goes to files and other programs, not into pages.</summary>
    public static CliJson Writable =>
        field ??= new(new JsonSerializerOptions(Default.Options!) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>The one document on standard output.</summary>
    public static void Print<T>(T document, JsonTypeInfo<T> type) => TerminalWriter.Document.WriteLine(JsonSerializer.Serialize(document, type));
}
