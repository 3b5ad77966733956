namespace Vitrine.Decoding;

/// <summary>What came through the pipe is not the protocol of this version. The pipe cannot be used any more.</summary>
internal sealed class DecoderProtocolException(string message) : Exception(message);
