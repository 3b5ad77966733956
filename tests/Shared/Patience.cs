using System.Globalization;
using Xunit;

namespace Vitrine.Testing;

/// <summary>
/// How long tests wait for what must come. It only ends a test that hangs: no test says anything about how long something takes, so that
/// all of them hold on a slow machine, and on one that is busy with other things.
/// </summary>
internal static class Patience
{
    /// <summary>A factor, such as <c>2.5</c>; without it 1, and 2 where <c>CI</c> is <c>true</c>.</summary>
    public const string Variable = "VITRINE_TEST_PATIENCE";

    /// <summary>Three minutes by the factor.</summary>
    public static TimeSpan Limit { get; } = TimeSpan.FromMinutes(3) * Factor();

    /// <summary>Between two looks at what announces itself to nobody.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(10);

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    /// <summary>Ends with the task, or with a <see cref="TimeoutException"/> when the limit has passed.</summary>
    public static Task OrTooLateAsync(this Task task) => task.WaitAsync(Limit, Cancelled);

    /// <inheritdoc cref="OrTooLateAsync(Task)"/>
    public static Task<T> OrTooLateAsync<T>(this Task<T> task) => task.WaitAsync(Limit, Cancelled);

    /// <summary>Cancelled with the test, and when the limit has passed.</summary>
    public static CancellationTokenSource Source()
    {
        var source = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        source.CancelAfter(Limit);
        return source;
    }

    /// <summary>Looks again and again, for what announces itself to nobody.</summary>
    /// <param name="stand">Says where it stands, for the message of a test that hangs.</param>
    public static Task UntilAsync(Func<bool> reached, Func<string>? stand = null) =>
        UntilAsync(() => Task.FromResult(reached()), stand is null ? null : () => Task.FromResult(stand()));

    /// <inheritdoc cref="UntilAsync(Func{bool}, Func{string})"/>
    public static async Task UntilAsync(Func<Task<bool>> reached, Func<Task<string>>? stand = null)
    {
        using var late = Source();
        while (!await reached())
        {
            if (late.IsCancellationRequested)
                Assert.Fail($"Not so after {Limit}. {(stand is null ? "" : await stand())}");
            await Task.Delay(s_lookAgain, late.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Cancelled.ThrowIfCancellationRequested();
        }
    }

    private static double Factor() => Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } factor
        ? double.Parse(factor, CultureInfo.InvariantCulture)
        : Environment.GetEnvironmentVariable("CI") == "true" ? 2 : 1;
}
