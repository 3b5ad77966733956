using Microsoft.AspNetCore.Builder;

namespace Vitrine.Server.Errors;

/// <summary>The kinds of errors that an endpoint has beside those that every endpoint of its form has; for the API document.</summary>
internal sealed record PossibleProblems(IReadOnlyList<ProblemKind> Kinds);

/// <summary>Says so where the endpoint is mapped.</summary>
internal static class PossibleProblemsOfEndpoints
{
    public static T WithProblems<T>(this T endpoint, params IReadOnlyList<ProblemKind> kinds)
        where T : IEndpointConventionBuilder =>
        endpoint.WithMetadata(new PossibleProblems(kinds));
}
