using System.Collections;
using System.ComponentModel.DataAnnotations;
using Vitrine.Server;
using Vitrine.Server.Security;
using Vitrine.Storage;

namespace Vitrine.Cli.Settings;

/// <summary>All options, from the environment and the command line, checked.</summary>
internal sealed record ProgramSettings(VitrineOptions Engine, ServerOptions Server)
{
    /// <summary>Reads the environment of this process; what the command line gives wins over it.</summary>
    /// <exception cref="CommandException">Options are wrong; the message lists every one.</exception>
    public static ProgramSettings Read(
        string? data = null, string? listen = null, IReadOnlyList<string>? allowedHosts = null, EngineChoice? choice = null, AccessChoice? access = null)
    {
        var given = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(variable => ((string)variable.Key).StartsWith(OptionVariable.Prefix, StringComparison.Ordinal))
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? "", StringComparer.Ordinal);
        return Read(given, data, listen, allowedHosts, choice, access);
    }

    /// <inheritdoc cref="Read(string?, string?, IReadOnlyList{string}?, EngineChoice?, AccessChoice?)"/>
    internal static ProgramSettings Read(
        IReadOnlyDictionary<string, string> variables, string? data, string? listen, IReadOnlyList<string>? allowedHosts, EngineChoice? choice = null,
        AccessChoice? access = null)
    {
        var mistakes = new List<string>();
        var engine = new VitrineOptions { DataFolder = "" };
        var server = new ServerOptions();
        if (variables.Count > 0)
            Apply(variables, engine, server, mistakes);
        if (data is "")
            mistakes.Add("--data is empty. Name the data folder, or leave it out.");
        engine = (choice ?? EngineChoice.None).Over(engine, mistakes);
        server = server with { Listen = listen ?? server.Listen, AllowedHosts = allowedHosts is { Count: > 0 } ? allowedHosts : server.AllowedHosts };
        server = access?.Over(server) ?? server;
        Check(() => ListenAddress.IsLoopback(server.Listen), mistakes);
        foreach (var proxy in server.TrustedProxies)
            Check(() => TrustedProxies.Parse([proxy]), mistakes);
        foreach (var host in server.AllowedHosts)
            Check(() => HostName.Check(host), mistakes);
        return mistakes.Count == 0
            ? new ProgramSettings(engine with { DataFolder = Path.GetFullPath(data ?? FolderOf(engine)) }, server)
            : throw CommandException.Usage(string.Join(Environment.NewLine + "vitrine: ", mistakes));
    }

    private static void Check(Action read, List<string> mistakes)
    {
        try
        {
            read();
        }
        catch (FormatException exception)
        {
            mistakes.Add(exception.Message);
        }
    }

    private static string FolderOf(VitrineOptions engine) => engine.DataFolder.Length > 0
        ? engine.DataFolder
        : DataFolder.DefaultOrNull ?? throw CommandException.CouldNotRun("There is no home folder to keep the data in. Give a data folder with --data or $VITRINE_DATA.");

    private static void Apply(IReadOnlyDictionary<string, string> variables, VitrineOptions engine, ServerOptions server, List<string> mistakes)
    {
        var options = OptionVariable.All().ToDictionary(option => option.Name, StringComparer.Ordinal);
        foreach (var (name, text) in variables.OrderBy(variable => variable.Key, StringComparer.Ordinal))
        {
            if (text.Length == 0)
                continue;
            if (options.TryGetValue(name, out var option))
                Set(option, option.Path[0].DeclaringType == typeof(ServerOptions) ? server : engine, text, mistakes);
            else if (name.Contains(OptionVariable.SectionSeparator, StringComparison.Ordinal))
                mistakes.Add($"{name} is no option. docs/configuration.md lists them.");
        }
    }

    /// <summary>Sets one option in place; the records are this method's own and nobody has seen them yet.</summary>
    private static void Set(OptionVariable option, object options, string text, List<string> mistakes)
    {
        foreach (var section in option.Path.SkipLast(1))
            options = section.GetValue(options)!;
        var property = option.Path[^1];
        try
        {
            var value = OptionValue.Parse(property.PropertyType, text);
            var failures = new List<ValidationResult>();
            Validator.TryValidateProperty(value, new ValidationContext(options) { MemberName = property.Name, DisplayName = option.Name }, failures);
            mistakes.AddRange(failures.Select(failure => $"{failure.ErrorMessage} It is {text}."));
            property.SetValue(options, value);
        }
        catch (FormatException exception)
        {
            mistakes.Add($"{option.Name}: {exception.Message}.");
        }
    }
}
