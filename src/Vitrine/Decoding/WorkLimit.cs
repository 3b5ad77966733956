namespace Vitrine.Decoding;

/// <summary>
/// How long a decoder may take. What it waits for a processor does not count: on a machine that is busy with other things, decoders get next to none at their low
/// priority, and a sound file would be given up for it.
/// </summary>
/// <remarks>
/// It is looked up by halves of the limit, the first of which counts in full: nearly all answers come in it, and to look costs. What needs no processor, and what gets one,
/// ends at the limit; what waited for one goes on, half a limit at a time.
/// </remarks>
internal static class WorkLimit
{
    /// <summary>Of the limit; a wait that is shorter gives no further time, because every thread waits a little.</summary>
    private const double NoMatter = 0.1;

    /// <summary>Waits for an answer.</summary>
    /// <param name="answer">It may come at any time, also after this has given up.</param>
    /// <param name="limit">More than zero.</param>
    /// <param name="waited">What the decoder has waited for a processor until now.</param>
    /// <param name="time">Measures the limit.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="TimeoutException">It did not come within the limit.</exception>
    public static async Task<T> WithinAsync<T>(Task<T> answer, TimeSpan limit, Func<ProcessorWait> waited, TimeProvider time, CancellationToken cancellationToken)
    {
        var half = new TimeSpan((limit.Ticks + 1) / 2);
        if (await HasEndedAsync(answer, half, time, cancellationToken))
            return await answer;
        var counted = half;
        while (counted < limit * (1 - NoMatter))
        {
            var (before, since) = (waited(), time.GetTimestamp());
            if (await HasEndedAsync(answer, half, time, cancellationToken))
                return await answer;
            var elapsed = time.GetElapsedTime(since);
            counted += (elapsed > half ? elapsed : half) - waited().Since(before); // a timer may be a little early
        }
        throw new TimeoutException();
    }

    private static async Task<bool> HasEndedAsync(Task answer, TimeSpan wait, TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            await answer.WaitAsync(wait, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            return answer.IsCompleted; // in this moment
        }
    }
}
