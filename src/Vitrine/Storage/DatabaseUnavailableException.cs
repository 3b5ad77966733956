namespace Vitrine.Storage;

/// <summary>The database cannot be opened or written; the message says what to do.</summary>
public sealed class DatabaseUnavailableException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether <see cref="Outages"/> tells of it, so that nobody else has to.</summary>
    public bool IsTold { get; init; }
}
