using System.Reflection;
using System.Text;
using Vitrine.Server;

namespace Vitrine.Cli.Settings;

/// <summary>An option and the environment variable that sets it: <c>VITRINE_DECODING__PROCESSES</c> is <c>Decoding.Processes</c>.</summary>
/// <param name="Name">The variable.</param>
/// <param name="Path">From <see cref="VitrineOptions"/> or <see cref="ServerOptions"/> down to the option.</param>
internal sealed record OptionVariable(string Name, IReadOnlyList<PropertyInfo> Path)
{
    public const string Prefix = "VITRINE_";
    public const string SectionSeparator = "__";

    /// <summary>Every option there is, found in the option types themselves.</summary>
    public static IEnumerable<OptionVariable> All() => Below(typeof(VitrineOptions), []).Concat(Below(typeof(ServerOptions), []));

    private static IEnumerable<OptionVariable> Below(Type type, PropertyInfo[] path)
    {
        foreach (var property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.CanWrite))
        {
            PropertyInfo[] longer = [.. path, property];
            if (IsSection(property.PropertyType))
            {
                foreach (var option in Below(property.PropertyType, longer))
                    yield return option;
            }
            else
            {
                yield return new OptionVariable(NameOf(longer), longer);
            }
        }
    }

    private static bool IsSection(Type type) => type.IsClass && type != typeof(string) && type.Assembly == typeof(VitrineOptions).Assembly;

    private static string NameOf(PropertyInfo[] path) =>
        path is [{ Name: nameof(VitrineOptions.DataFolder) }]
            ? Prefix + "DATA"
            : Prefix + string.Join(SectionSeparator, path.Select(property => UpperSnakeCase(property.Name)));

    private static string UpperSnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var letter in name)
        {
            if (char.IsUpper(letter) && text.Length > 0)
                text.Append('_');
            text.Append(char.ToUpperInvariant(letter));
        }

        return text.ToString();
    }
}
