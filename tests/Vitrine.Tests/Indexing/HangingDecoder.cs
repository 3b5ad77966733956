using Vitrine.Decoding;
using Vitrine.Tests.Contracts;

namespace Vitrine.Tests.Indexing;

/// <summary>
/// One of two decoders hangs at the only file there is; what comes after that goes to the other one, as long as the clock of their limits stands still.
/// </summary>
internal static class HangingDecoder
{
    /// <summary>A start has another limit than an item, so that a test can tell which one is being waited for.</summary>
    public static DecoderOptions Options { get; } = new() { Processes = 2, ItemTimeLimit = TimeSpan.FromMinutes(1), StartTimeLimit = TimeSpan.FromMinutes(5) };

    /// <summary>Waits until the first file is in a decoder.</summary>
    public static Task HangsAsync(ManualTime time) => time.TimerOfAsync(Options.ItemTimeLimit);
}
