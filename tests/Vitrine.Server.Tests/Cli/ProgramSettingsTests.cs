using System.ComponentModel.DataAnnotations;
using Vitrine.Cli;
using Vitrine.Cli.Settings;
using Vitrine.Decoding;
using Vitrine.Indexing;
using Xunit;

namespace Vitrine.Server.Tests.Cli;

public sealed class ProgramSettingsTests
{
    [Fact]
    public void Read_NothingGiven_GivesValidDefaults()
    {
        var settings = Read([]);
        Assert.Equal(new DecoderOptions(), settings.Engine.Decoding);
        Assert.Equal(new IndexingOptions(), settings.Engine.Indexing);
        foreach (object options in new object[] { settings.Engine, settings.Engine.Decoding, settings.Engine.Indexing, settings.Server })
            Validator.ValidateObject(options, new ValidationContext(options), validateAllProperties: true);
    }

    [Fact]
    public void Read_Variables_SetOptionsOfEveryType()
    {
        var settings = Read(
        [
            ("VITRINE_DATA", "/somewhere"), ("VITRINE_LISTEN", "http://127.0.0.1:1"), ("VITRINE_ALLOWED_HOSTS", "a.example, b.example"), ("VITRINE_LOG_LEVEL", "warning"),
            ("VITRINE_REQUIRE_TOKEN", "true"), ("VITRINE_TRUSTED_PROXIES", "172.16.0.0/12"),
            ("VITRINE_DECODING__PROCESSES", "3"), ("VITRINE_DECODING__PIXEL_LIMIT", "1000"), ("VITRINE_DECODING__ITEM_TIME_LIMIT", "1.5m"), ("VITRINE_INDEXING__SHUTDOWN_GRACE", "00:00:03"),
        ]);
        Assert.Equal("/somewhere", settings.Engine.DataFolder);
        Assert.Equal("http://127.0.0.1:1", settings.Server.Listen);
        Assert.Equal(["a.example", "b.example"], settings.Server.AllowedHosts);
        Assert.Equal((true, "172.16.0.0/12"), (settings.Server.RequireToken, settings.Server.TrustedProxies.Single()));
        Assert.Equal(Microsoft.Extensions.Logging.LogLevel.Warning, settings.Server.LogLevel);
        Assert.Equal((3, 1000L, TimeSpan.FromSeconds(90)), (settings.Engine.Decoding.Processes, settings.Engine.Decoding.PixelLimit, settings.Engine.Decoding.ItemTimeLimit));
        Assert.Equal(TimeSpan.FromSeconds(3), settings.Engine.Indexing.ShutdownGrace);
    }

    [Fact]
    public void Read_CommandLineAndVariable_CommandLineWins()
    {
        var settings = ProgramSettings.Read(
            new Dictionary<string, string> { ["VITRINE_DATA"] = "/a", ["VITRINE_LISTEN"] = "http://127.0.0.1:1" }, "/b", "http://127.0.0.1:2", ["c"]);
        Assert.Equal(("/b", "http://127.0.0.1:2", "c"), (settings.Engine.DataFolder, settings.Server.Listen, settings.Server.AllowedHosts[0]));
    }

    [Fact]
    public void Read_ManyMistakes_ReportsEveryOne()
    {
        (string Name, string Value)[] wrong =
        [
            ("VITRINE_DECODING__PROCESSES", "-1"), ("VITRINE_DECODING__THUMBNAIL_QUALITY", "good"), ("VITRINE_DECODING__ITEM_TIME_LIMIT", "60"),
            ("VITRINE_DECODING__PROCESES", "2"), ("VITRINE_LOG_LEVEL", "loud"), ("VITRINE_INDEXING__SHUTDOWN_GRACE", "3h"),
        ];
        (string Name, string Value)[] misnamed = [("VITRINE_LISTEN", "nowhere"), ("VITRINE_TRUSTED_PROXIES", "proxy, fe80::/200"), ("VITRINE_ALLOWED_HOSTS", "https://a.example, *, b.example:8080")];
        var mistakes = Assert.Throws<CommandException>(() => Read([.. wrong, .. misnamed]));
        Assert.Equal(ExitCode.Usage, mistakes.ExitCode);
        Assert.All(wrong, variable => Assert.Contains(variable.Name, mistakes.Message));
        Assert.All(misnamed.SelectMany(variable => variable.Value.Split(", ")), value => Assert.Contains($"'{value}'", mistakes.Message));
    }

    [Fact]
    public void Read_VariablesOfOthers_AreLeftAlone() => Read([("VITRINE_LIBVIPS", "/x"), ("VITRINE_TOKEN", "x"), ("VITRINE_DATA", "")]);

    [Fact]
    public void ConfigurationPage_HasEveryOption()
    {
        var page = File.ReadAllText(Path.Join(RepositoryRoot(), "docs", "configuration.md"));
        Assert.All(OptionVariable.All(), option => Assert.Contains($"`{option.Name}`", page));
    }

    private static ProgramSettings Read((string Name, string Value)[] variables) =>
        ProgramSettings.Read(variables.ToDictionary(variable => variable.Name, variable => variable.Value), null, null, null);

    private static string RepositoryRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Join(folder.FullName, "Vitrine.slnx")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException($"{AppContext.BaseDirectory} is not inside the repository.");
        return folder.FullName;
    }
}
