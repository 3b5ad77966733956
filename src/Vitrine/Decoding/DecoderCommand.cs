namespace Vitrine.Decoding;

/// <summary>How a decoder process is started.</summary>
/// <param name="FileName">The program.</param>
/// <param name="Arguments">Given as a list, never through a shell.</param>
public sealed record DecoderCommand(string FileName, IReadOnlyList<string> Arguments)
{
    /// <summary>This program's own hidden command <c>decoder</c>: <c>Vitrine.Cli.dll</c> beside it, run by the dotnet that runs it.</summary>
    /// <exception cref="FileNotFoundException">The program is not where it was built.</exception>
    public static DecoderCommand ForThisProgram()
    {
        var program = Path.Combine(AppContext.BaseDirectory, "Vitrine.Cli.dll");
        if (!File.Exists(program))
            throw new FileNotFoundException($"{program} is missing: decoders are started from it. Build again.", program);
        var host = Environment.ProcessPath;
        var isDotnet = Path.GetFileNameWithoutExtension(host) == "dotnet";
        return new DecoderCommand(isDotnet ? host! : FindDotnet(), [program, "decoder"]);
    }

    /// <summary>The dotnet that hosts this process is three folders above the shared framework it loaded.</summary>
    private static string FindDotnet()
    {
        var framework = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
        var dotnet = Path.GetFullPath(Path.Combine(framework, "..", "..", "..", OperatingSystem.IsWindows() ? "dotnet.exe" : "dotnet"));
        return File.Exists(dotnet) ? dotnet : "dotnet";
    }
}
