namespace Vitrine.Cli.Commands;

/// <summary>A file that a person named.</summary>
internal static class FileArgument
{
    /// <summary>Absolute, relative to where the person is.</summary>
    /// <exception cref="CommandException">The name is empty.</exception>
    public static string Absolute(string given) => given.Length > 0 ? Path.GetFullPath(given) : throw CommandException.Usage("The name of the file is empty. Give one.");
}
