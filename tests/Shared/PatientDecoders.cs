namespace Vitrine.Testing;

/// <summary>
/// Limits of decoders for programs of which a test does not ask how long a picture may take: a decoder that starts slowly is none that
/// fails, and what hangs does so until the test ends it.
/// </summary>
internal static class PatientDecoders
{
    private const string Limit = "24h";

    public static void For(IDictionary<string, string?> environment)
    {
        environment["VITRINE_DECODING__START_TIME_LIMIT"] = Limit;
        environment["VITRINE_DECODING__ITEM_TIME_LIMIT"] = Limit;
    }
}
