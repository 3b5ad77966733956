using Vitrine.Server.Errors;

namespace Vitrine.Server.Requests;

/// <summary>Why a request is not passed on to its handler.</summary>
internal sealed record Refusal(ProblemKind Kind, string Detail);
