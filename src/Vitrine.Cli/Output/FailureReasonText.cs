using Vitrine.Cli.Client;
using Vitrine.Progress;

namespace Vitrine.Cli.Output;

/// <summary>What is told of a reason for which nothing failed.</summary>
internal static class FailureReasonText
{
    private const int MostNamed = 8;

    /// <param name="libraries">Where the reasons are.</param>
    /// <param name="library">The id of one library; null for all.</param>
    /// <param name="reason">The one that was asked for.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>A sentence with the reasons that there are; null where nothing failed at all.</returns>
    public static async Task<string?> UnknownOrNullAsync(ILibraryReader libraries, string? library, string reason, CancellationToken cancellationToken)
    {
        var known = (await libraries.FailureReasonsAsync(library, cancellationToken)).Items.Select(item => FailureReason.CodeOf(item.Class)).ToList();
        if (known.Count == 0)
            return null;
        var more = known.Count > MostNamed ? $", and {known.Count - MostNamed:N0} more ('vitrine failures --reasons' lists them)" : "";
        return $"No failure has the reason '{reason}'. Known: {string.Join(", ", known.Take(MostNamed).Select(one => $"'{one}'"))}{more}.";
    }
}
