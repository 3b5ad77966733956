using System.Globalization;

namespace Vitrine.Server.Tests;

/// <summary>Limits of decoders for programs of which a test does not ask how long a picture may take: they only end what hangs.</summary>
internal static class PatientDecoders
{
    public static void For(IDictionary<string, string?> environment)
    {
        var limit = string.Create(CultureInfo.InvariantCulture, $"{Patience.Limit.TotalSeconds}s");
        environment["VITRINE_DECODING__START_TIME_LIMIT"] = limit;
        environment["VITRINE_DECODING__ITEM_TIME_LIMIT"] = limit;
    }
}
