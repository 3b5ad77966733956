using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace Vitrine.Cli;

/// <summary>Why an address cannot be listened on, for a person.</summary>
internal static class ListenTrouble
{
    /// <returns>Null for an exception that tells of something else.</returns>
    public static string? DescribeOrNull(string listen, Exception exception) => Causes(exception).Select(cause => cause switch
    {
        AddressInUseException => InUse(listen),
        SocketException { SocketErrorCode: SocketError.AddressAlreadyInUse } => InUse(listen),
        SocketException { SocketErrorCode: SocketError.AddressNotAvailable } =>
            $"{listen} is no address of this machine. Give one that it has: http://127.0.0.1:7878 for this machine alone, http://0.0.0.0:7878 for others too.",
        SocketException { SocketErrorCode: SocketError.AccessDenied } =>
            $"{listen} may not be listened on: ports below 1024 are kept for the system. Give a higher one, such as 7878.",
        SocketException other => $"{listen} cannot be listened on: {other.Message}. Give another address with --listen.",
        _ => null,
    }).FirstOrDefault(trouble => trouble is not null);

    private static string InUse(string listen) =>
        $"{listen} is in use by another program. Stop it, or give another address; --listen http://127.0.0.1:0 takes any free port.";

    /// <summary>A name such as localhost stands for several addresses, and each has its exception.</summary>
    private static IEnumerable<Exception> Causes(Exception exception)
    {
        IEnumerable<Exception> inner = exception is AggregateException several ? several.InnerExceptions : exception.InnerException is { } one ? [one] : [];
        return inner.SelectMany(Causes).Append(exception);
    }
}
