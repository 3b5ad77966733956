namespace Vitrine.Transfer;

/// <summary>A library cannot be moved as things stand; nothing of it is visible in the target. The message says what to do.</summary>
public sealed class TransferRefusedException(string message) : Exception(message);
