using System.Diagnostics;
using Vitrine.Decoding.Confinement;

namespace Vitrine.Decoding;

/// <summary>
/// Makes a decoder misbehave on purpose, for tests: <c>VITRINE_DECODER_FAULTS="crash:NAME,hang:NAME,lie:NAME,escape:NAME"</c> names files
/// at which it dies, never answers, answers with garbage, or tries all that a decoder may not do.
/// </summary>
internal sealed class DecoderFaults(IReadOnlyDictionary<string, string> faults)
{
    public const string Variable = "VITRINE_DECODER_FAULTS";

    public static DecoderFaults Parse(string? text) => new((text ?? "")
        .Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
        .Select(fault => fault.Split(':', 2))
        .Where(parts => parts.Length == 2)
        .ToDictionary(parts => parts[1], parts => parts[0], StringComparer.Ordinal));

    /// <summary>Does what is asked for this file; usually nothing.</summary>
    /// <returns>What the answer is to be instead of the usual one; null for the usual one.</returns>
    public DecodeFailure? Apply(string path, Stream output)
    {
        if (faults.Count == 0 || !faults.TryGetValue(Path.GetFileName(path), out var fault))
            return null;
        switch (fault)
        {
            case "crash":
                using (var self = Process.GetCurrentProcess())
                    self.Kill();
                break;
            case "hang":
                using (var never = new ManualResetEventSlim())
                    never.Wait(Timeout.Infinite, CancellationToken.None);
                break;
            case "lie":
                output.Write("I am not a frame, and my length is nonsense."u8);
                output.Flush();
                break;
            case "escape":
                return new DecodeFailure(EscapeAttempts.TryAll(path), Transient: false);
        }
        return null;
    }
}
