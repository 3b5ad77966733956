using Vitrine.Server.Api;

namespace Vitrine.Cli.Output;

/// <summary>What a retry did.</summary>
/// <param name="Retried">Failed files that were put back to work.</param>
/// <param name="Failures">Those of them that failed again.</param>
internal sealed record RetrySummary(string Server, long Retried, double Seconds, IReadOnlyList<FailureItem> Failures);
