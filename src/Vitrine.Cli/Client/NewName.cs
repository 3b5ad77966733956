namespace Vitrine.Cli.Client;

/// <summary>What a library is to be called from now on.</summary>
internal sealed record NewName(string Name);
