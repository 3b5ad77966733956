namespace Vitrine.Server.Description;

/// <summary>Marks an endpoint whose answer goes on: the API document has no words for it but these.</summary>
internal sealed record SpokenProtocol(int Status, string? MediaType, string Description)
{
    public static SpokenProtocol Socket { get; } = new(101, null, "The socket is open.");

    public static SpokenProtocol EventStream { get; } = new(200, "text/event-stream", "Events, until the stream ends.");
}
