using Vitrine.Decoding;
using Vitrine.Images.Vips;
using Xunit;

namespace Vitrine.Tests.Decoding;

public sealed class DecoderEnvironmentTests
{
    [Fact]
    public void Apply_ServersEnvironment_LeavesWhatIsNamedAndNoSecret()
    {
        var environment = new Dictionary<string, string?>
        {
            ["PATH"] = "/usr/bin",
            ["DOTNET_ROOT"] = "/opt/dotnet",
            ["HOME"] = "/home/someone",
            ["AWS_SECRET_ACCESS_KEY"] = "secret",
            ["VITRINE_TOKEN"] = "secret",
            ["VITRINE_DATABASE"] = "Password=secret",
            ["DOTNET_ConnectionStrings__Main"] = "Password=secret",
            ["DOTNET_STARTUP_HOOKS"] = "/somewhere/hook.dll",
        };

        DecoderEnvironment.Apply(environment);

        Assert.Equal(("/usr/bin", "/opt/dotnet"), (environment["PATH"], environment["DOTNET_ROOT"]));
        Assert.DoesNotContain(environment.Values, value => value?.Contains("secret", StringComparison.Ordinal) == true);
        Assert.All(environment.Keys.Except(DecoderEnvironment.PassedOn), name =>
            Assert.True(name.StartsWith("MALLOC_", StringComparison.Ordinal) || name.StartsWith("DOTNET_gc", StringComparison.OrdinalIgnoreCase)
                || name is "VIPS_DISC_THRESHOLD" or "DOTNET_TieredPGO" or "DOTNET_EnableDiagnostics" or "DOTNET_TieredCompilation", name));
    }

    [Theory]
    [InlineData("libvips.so.42", false)]
    [InlineData("./lib/libvips.so.42", true)]
    public void Apply_NamedLibrary_IsFoundFromAnotherFolder(string named, bool isPath)
    {
        var environment = new Dictionary<string, string?> { [VipsLibrary.Variable] = named };

        DecoderEnvironment.Apply(environment);

        Assert.Equal(isPath ? Path.GetFullPath(named) : named, environment[VipsLibrary.Variable]);
    }
}
