using System.Globalization;
using System.Text;
using Vitrine.Images.Metadata;

namespace Vitrine.Tests.Images.Metadata;

/// <summary>What the reader finds, as lines of readable text: one per field that is set, in the order of the record.</summary>
internal static class Described
{
    public static string Read(byte[] file, string? sidecar = null) =>
        Read(file, sidecar is null ? null : Encoding.UTF8.GetBytes(sidecar));

    public static string Read(byte[] file, byte[]? sidecar)
    {
        var metadata = MetadataReader.Read(file, sidecar is null ? null : new ReadOnlyMemory<byte>(sidecar));
        if (metadata is null)
            return "nothing";
        var lines = metadata.GetType().GetProperties()
            .Select(property => (property.Name, Value: property.GetValue(metadata)))
            .Where(field => field.Value is not null)
            .Select(field => $"{field.Name}: {Show(field.Value!)}");
        return string.Join("\n", lines);
    }

    private static string Show(object value) => value switch
    {
        double number => Math.Round(number, 6).ToString(CultureInfo.InvariantCulture),
        IEnumerable<string> texts => string.Join(" | ", texts),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
