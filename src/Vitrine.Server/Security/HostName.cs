namespace Vitrine.Server.Security;

/// <summary>A name under which the server may be called, as browsers send it: without scheme, port and path.</summary>
public static class HostName
{
    /// <exception cref="FormatException">It is none; the message says what to give.</exception>
    public static void Check(string name)
    {
        if (Uri.CheckHostName(name) == UriHostNameType.Unknown)
            throw new FormatException($"'{name}' is not the name of a host. Give the name alone, such as photos.example, without https:// in front and without a port.");
    }
}
