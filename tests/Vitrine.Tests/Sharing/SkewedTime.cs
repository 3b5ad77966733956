namespace Vitrine.Tests.Sharing;

/// <summary>The clock of a machine that is wrong by so much; its timers are right.</summary>
internal sealed class SkewedTime(TimeSpan by) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => System.GetUtcNow() + by;
}
