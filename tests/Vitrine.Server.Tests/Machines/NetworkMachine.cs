using System.Diagnostics;

namespace Vitrine.Server.Tests.Machines;

/// <summary>A network namespace with an address of its own, joined with this one by a cable that can be pulled.</summary>
internal sealed class NetworkMachine : IAsyncDisposable
{
    private readonly string _name;
    private readonly string _link;

    private NetworkMachine(string name, string link, string host, string address) => (_name, _link, Host, Address) = (name, link, host, address);

    /// <summary>This side's address, where the machine finds what listens here.</summary>
    public string Host { get; }

    /// <summary>The machine's own.</summary>
    public string Address { get; }

    /// <summary>What starts a program on it, before the program's name.</summary>
    public string[] Through => ["ip", "netns", "exec", _name];

    /// <summary>Why none can be made; null when one can.</summary>
    public static async Task<string?> TroubleOrNullAsync()
    {
        try
        {
            await using var machine = await CreateAsync(number: 3);
            return null;
        }
        catch (InvalidOperationException exception)
        {
            return exception.Message;
        }
    }

    /// <param name="number">Of this test process's machines, 0 to 3.</param>
    /// <exception cref="InvalidOperationException">The system does not allow it, or has no <c>ip</c>.</exception>
    public static async Task<NetworkMachine> CreateAsync(int number = 0)
    {
        // Nets of four addresses in 10.192.0.0/10: processes that test at the same time have other ones.
        var net = ((Environment.ProcessId * 4) + number) % (1 << 20);
        var prefix = $"10.{192 + (net >> 14)}.{(net >> 6) & 255}";
        var first = (net & 63) << 2;
        var machine = new NetworkMachine(
            $"vitrine-{Environment.ProcessId}-{number}", $"vt{Environment.ProcessId}-{number}", $"{prefix}.{first + 1}", $"{prefix}.{first + 2}");
        try
        {
            await RunAsync(
                $"""
                set -e
                ip netns add {machine._name}
                ip link add {machine._link} type veth peer name eth0 netns {machine._name}
                ip addr add {machine.Host}/30 dev {machine._link}
                ip link set {machine._link} up
                ip -n {machine._name} addr add {machine.Address}/30 dev eth0
                ip -n {machine._name} link set eth0 up
                ip -n {machine._name} link set lo up
                """);
            return machine;
        }
        catch
        {
            await machine.DisposeAsync();
            throw;
        }
    }

    /// <summary>From now on every packet is lost, either way, and nobody is told: each side sends to a card that does not exist.</summary>
    public Task PullAsync() => RunAsync(
        $"""
        set -e
        ip neigh replace {Address} lladdr 02:00:00:00:00:99 dev {_link} nud permanent
        ip -n {_name} neigh replace {Host} lladdr 02:00:00:00:00:99 dev eth0 nud permanent
        """);

    public Task PlugInAsync() => RunAsync(
        $"""
        set -e
        ip neigh del {Address} dev {_link}
        ip -n {_name} neigh del {Host} dev eth0
        """);

    public async ValueTask DisposeAsync() => await RunAsync($"ip netns del {_name} 2> /dev/null; ip link del {_link} 2> /dev/null; true");

    private static async Task RunAsync(string script)
    {
        using var process = Process.Start(new ProcessStartInfo("bash", ["-c", script]) { RedirectStandardError = true })!;
        var errors = await process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync();
        if (process.ExitCode != 0)
            throw new InvalidOperationException(errors.Trim());
    }
}
