namespace Vitrine.Cli;

/// <summary>Turns the address that a server listens on into one that can be opened.</summary>
internal static class ServedAddress
{
    /// <summary>For a person, perhaps on another machine: the wildcard is this machine's name.</summary>
    public static string ForPeople(string listened) => Replace(listened, Environment.MachineName);

    /// <summary>For this machine: the wildcard is loopback.</summary>
    public static string ForThisMachine(string listened) => Replace(listened, "127.0.0.1");

    private static string Replace(string listened, string wildcard) =>
        listened.Replace("//[::]", $"//{wildcard}").Replace("//0.0.0.0", $"//{wildcard}").Replace("//*", $"//{wildcard}").Replace("//+", $"//{wildcard}").TrimEnd('/');
}
