namespace Vitrine.Decoding;

/// <summary>The file took longer than <see cref="DecoderOptions.ItemTimeLimit"/>; its decoder was killed.</summary>
public sealed class DecoderTimedOutException(TimeSpan limit) : DecoderCrashedException($"no answer within {limit.TotalSeconds:0.#} s");
