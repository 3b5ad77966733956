namespace Vitrine.Cli.Client;

/// <summary>No server answers; trying again later may help.</summary>
internal sealed class ServerUnreachableException(string address, Exception inner) : IOException(
    $"{address} does not answer: {inner.Message}. Check the address, and that the server runs.", inner);
