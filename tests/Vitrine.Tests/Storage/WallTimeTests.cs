using System.Text.Json;
using FsCheck;
using FsCheck.Fluent;
using Vitrine.Storage;
using Xunit;

namespace Vitrine.Tests.Storage;

public sealed class WallTimeTests
{
    [Theory]
    [InlineData("2021-04-11T15:47:53-05:00")]
    [InlineData("2021-04-11T15:47:53.25+05:45")]
    [InlineData("2021-04-11T15:47:53")]
    [InlineData("1600-01-01T00:00:00+00:00")]
    public void Parse_AsWritten_IsTheSame(string text)
    {
        Assert.Equal(text, WallTime.Parse(text).ToString());
        Assert.Equal($"\"{text.Replace("+", "\\u002B", StringComparison.Ordinal)}\"", JsonSerializer.Serialize(WallTime.Parse(text)));
    }

    [Fact]
    public void Parse_Z_IsUtc() => Assert.Equal("2021-04-11T15:47:53+00:00", WallTime.Parse("2021-04-11T15:47:53Z").ToString());

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"tomorrow\"")]
    [InlineData("\"2021-04-11T15:47:53+5\"")]
    [InlineData("null")]
    public void Read_NoTime_IsRefused(string json) => Assert.Throws<JsonException>(() => JsonSerializer.Deserialize<WallTime>(json));

    [Fact]
    public void Stored_AnyTime_ComesBackAndSortsByTheClock() => Prop.ForAll<uint, uint, int?>((a, b, minutes) =>
    {
        var offset = minutes is { } given ? TimeSpan.FromMinutes(given % 840) : (TimeSpan?)null;
        var (first, second) = (new WallTime(DateTime.UnixEpoch.AddSeconds(a), offset), new WallTime(DateTime.UnixEpoch.AddSeconds(b), null));
        return WallTime.FromStored(first.ToStored(), first.OffsetMinutes) == first && WallTime.Parse(first.ToString()) == first
            && first.Clock.CompareTo(second.Clock) == first.ToStored().CompareTo(second.ToStored());
    }).QuickCheckThrowOnFailure();
}
