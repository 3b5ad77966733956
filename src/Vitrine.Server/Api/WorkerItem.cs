using Vitrine.Progress;
using Vitrine.Work;

namespace Vitrine.Server.Api;

/// <summary>A process that works, as its last heartbeat told.</summary>
/// <param name="Host">The machine's name.</param>
/// <param name="Stages">What it claims for; empty where it only serves.</param>
/// <param name="RatePerSecond">Assets it settled per second, between its last two heartbeats.</param>
/// <param name="Claims">Assets it holds now.</param>
/// <param name="Silent">Whether its lease is over: anyone takes its claims back.</param>
public sealed record WorkerItem(
    long Id, string Host, int ProcessId, IReadOnlyList<Stage> Stages, double RatePerSecond, long Claims, bool Silent, DateTimeOffset StartedAt, DateTimeOffset HeartbeatAt)
{
    internal static WorkerItem Of(Worker worker, DateTimeOffset now) => new(
        worker.Id, worker.Host, worker.ProcessId, [.. StagesOf(worker.Stages)], Math.Round(worker.Rate, 1), worker.Claims, worker.LeaseUntil < now,
        worker.StartedAt, worker.HeartbeatAt);

    private static IEnumerable<Stage> StagesOf(WorkedStages stages)
    {
        if (stages.HasFlag(WorkedStages.Metadata))
            yield return Stage.Metadata;
        if (stages.HasFlag(WorkedStages.Embedding))
            yield return Stage.Embedding;
    }
}

/// <summary>All of them, in the order of their starts.</summary>
public sealed record WorkerList(IReadOnlyList<WorkerItem> Items);
