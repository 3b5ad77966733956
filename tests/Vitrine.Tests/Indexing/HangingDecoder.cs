using Vitrine.Decoding;
using Vitrine.Tests.Contracts;
using Vitrine.Work;

namespace Vitrine.Tests.Indexing;

/// <summary>
/// One of two decoders hangs at the only file there is; what comes after that goes to the other one, as long as the clock of their limits stands still.
/// </summary>
internal static class HangingDecoder
{
    /// <summary>A start has another limit than an item, so that a test can tell which one is being waited for.</summary>
    public static DecoderOptions Options { get; } = new() { Processes = 2, ItemTimeLimit = TimeSpan.FromMinutes(1), StartTimeLimit = TimeSpan.FromMinutes(5) };

    /// <summary>Waits until the first file is in a decoder.</summary>
    public static Task HangsAsync(ManualTime time) => time.TimerOfAsync(Options.ItemTimeLimit / 2); // a limit is looked up by halves

    /// <summary>Lets what is in a decoder run out of its time.</summary>
    public static async Task TimesOutAsync(ManualTime time)
    {
        time.ForgetTimers();
        time.Advance(Options.ItemTimeLimit / 2);
        await time.TimerOfAsync(Options.ItemTimeLimit / 2);
        time.ForgetTimers();
        time.Advance(Options.ItemTimeLimit / 2);
    }

    /// <summary>Lets it run out of its time as often as it is tried; nothing else may be decoded meanwhile, and the engine's own time has to go on.</summary>
    public static async Task TimesOutForGoodAsync(ManualTime time)
    {
        for (var timeOuts = 1; ; timeOuts++)
        {
            await TimesOutAsync(time);
            if (timeOuts == RetryPolicy.MaxTimeOuts)
                return;
            await HangsAsync(time);
        }
    }
}
