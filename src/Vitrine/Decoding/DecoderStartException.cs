namespace Vitrine.Decoding;

/// <summary>A decoder ended, or spoke another protocol, before it could do anything: no file is to blame.</summary>
public sealed class DecoderStartException(string message) : DecoderCrashedException(message);
