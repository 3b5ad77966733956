using System.Text.Json;

namespace Vitrine.Benchmarks.Setting;

/// <summary>What <c>/api/progress</c> says.</summary>
internal sealed record ImportProgress(bool Scanning, string Status, long Total, long Pending, long Ready, long Failed)
{
    public bool IsComplete => Status == "complete";

    public static ImportProgress Of(JsonElement json) => new(
        json.GetProperty("scanning").GetBoolean(),
        json.GetProperty("status").GetString()!,
        json.GetProperty("total").GetInt64(),
        json.GetProperty("pending").GetInt64(),
        json.GetProperty("ready").GetInt64(),
        json.GetProperty("failed").GetInt64());
}
