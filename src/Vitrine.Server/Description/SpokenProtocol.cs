using Vitrine.Server.Api;

namespace Vitrine.Server.Description;

/// <summary>Marks an endpoint whose answer goes on: the API document has no words for it but these.</summary>
/// <param name="Message">What each event holds, as another call answers it; null where messages are of many kinds.</param>
internal sealed record SpokenProtocol(int Status, string? MediaType, string Description, Type? Message = null)
{
    public static SpokenProtocol Socket { get; } = new(101, null, "The socket is open.");

    public static SpokenProtocol ProgressEvents { get; } = new(200, "text/event-stream", "Events, until the stream ends. The data of each is a snapshot.", typeof(ProgressItem));
}
