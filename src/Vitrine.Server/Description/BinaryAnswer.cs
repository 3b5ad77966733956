namespace Vitrine.Server.Description;

/// <summary>Marks an endpoint that answers with a file, or with ranges of it.</summary>
internal sealed record BinaryAnswer(params IReadOnlyList<string> MediaTypes);
