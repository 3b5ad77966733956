namespace Vitrine.Decoding;

/// <summary>The decoder process died while it worked on this file. Trying again may end the same way: count the attempts.</summary>
public class DecoderCrashedException(string message) : Exception(message);
