using System.Reflection;

namespace Vitrine.Server.Errors;

/// <summary>A kind of error: its status, the code that clients may rely on, and its title. docs/http.md lists them.</summary>
internal sealed record ProblemKind(int Status, string Code, string Title)
{
    public static ProblemKind BadRequest { get; } = new(400, "bad_request", "The request cannot be read");

    public static ProblemKind BadParameter { get; } = new(400, "bad_parameter", "A parameter is wrong");

    public static ProblemKind UnknownParameter { get; } = new(400, "unknown_parameter", "There is no such parameter");

    public static ProblemKind BadBody { get; } = new(400, "bad_body", "The body is wrong");

    public static ProblemKind UnknownField { get; } = new(400, "unknown_field", "There is no such field");

    public static ProblemKind BadFolder { get; } = new(400, "bad_folder", "The folder cannot be a library");

    public static ProblemKind BadQuery { get; } = new(400, "bad_query", "The search cannot be understood");

    public static ProblemKind TokenNeeded { get; } = new(401, "token_needed", "Access token needed");

    public static ProblemKind ForeignOrigin { get; } = new(403, "foreign_origin", "Foreign origin");

    public static ProblemKind NotFound { get; } = new(404, "not_found", "Not found");

    public static ProblemKind ScreenNotBuilt { get; } = new(404, "screen_not_built", "The screen is not built");

    public static ProblemKind MethodNotAllowed { get; } = new(405, "method_not_allowed", "Method not allowed");

    public static ProblemKind BodyTooSlow { get; } = new(408, "body_too_slow", "The body came too slowly");

    public static ProblemKind LibraryExists { get; } = new(409, "library_exists", "The folder is a library already");

    public static ProblemKind AssetNotFailed { get; } = new(409, "asset_not_failed", "The asset has not failed");

    public static ProblemKind RetryRunning { get; } = new(409, "retry_running", "A retry runs already");

    public static ProblemKind JobNotRunning { get; } = new(409, "job_not_running", "The job does not run");

    public static ProblemKind JobNotPausable { get; } = new(409, "job_not_pausable", "The job cannot be paused");

    public static ProblemKind BodyTooLarge { get; } = new(413, "body_too_large", "The body is too large");

    public static ProblemKind NotJson { get; } = new(415, "not_json", "The body must be JSON");

    public static ProblemKind UnknownHost { get; } = new(421, "unknown_host", "Unknown host name");

    public static ProblemKind CannotBeShown { get; } = new(422, "cannot_be_shown", "The picture cannot be shown");

    public static ProblemKind SocketNeeded { get; } = new(426, "socket_needed", "A WebSocket is needed");

    public static ProblemKind Unexpected { get; } = new(500, "unexpected", "Unexpected error");

    public static ProblemKind DatabaseUnavailable { get; } = new(503, "database_unavailable", "The database is not available");

    public static ProblemKind DiskUnavailable { get; } = new(503, "disk_unavailable", "The disk of the thumbnails takes nothing");

    public static ProblemKind Loading { get; } = new(503, "loading", "Still loading");

    public static ProblemKind StillEnding { get; } = new(503, "still_ending", "Still ending");

    public static ProblemKind DecoderUnavailable { get; } = new(503, "decoder_unavailable", "No decoder can be started");

    /// <summary>Every kind, by status and code.</summary>
    public static IReadOnlyList<ProblemKind> All { get; } =
    [
        .. typeof(ProblemKind).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(ProblemKind))
            .Select(property => (ProblemKind)property.GetValue(null)!)
            .OrderBy(kind => kind.Status).ThenBy(kind => kind.Code, StringComparer.Ordinal),
    ];

    /// <summary>RFC 9457's <c>type</c>: a name, not an address.</summary>
    public string Type => $"urn:vitrine:problem:{Code}";
}
