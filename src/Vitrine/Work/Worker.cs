namespace Vitrine.Work;

/// <summary>A process that works, as its last heartbeat told.</summary>
/// <param name="Rate">Assets it finished or failed per second, between its last two heartbeats.</param>
/// <param name="Claims">Assets it holds now.</param>
/// <param name="LeaseUntil">When anyone takes its claims back, if no heartbeat comes before.</param>
public sealed record Worker(
    long Id, string Host, int ProcessId, WorkedStages Stages, double Rate, long Claims, DateTimeOffset StartedAt, DateTimeOffset HeartbeatAt, DateTimeOffset LeaseUntil);
