namespace Vitrine.Cli.Output;

/// <summary>The access token of a data folder.</summary>
/// <param name="Link">Opened once it lets a browser in; null where no server runs that asks for the token.</param>
/// <param name="File">Where it is kept.</param>
internal sealed record TokenReport(string Token, string? Link, string File);
