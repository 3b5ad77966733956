namespace Vitrine.Work;

/// <summary>A job was asked to end and has not within the time that a person waits; it ends by itself later, and what was asked may be asked again then.</summary>
public sealed class JobDoesNotEndException(string name, string? message)
    : Exception($"{name} was asked to end and has not yet{(message is null ? "" : $" ({message})")}. Try again in a moment; its log lines say what it waits for.");
