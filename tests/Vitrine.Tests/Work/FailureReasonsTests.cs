using Vitrine.Work;
using Xunit;

namespace Vitrine.Tests.Work;

public sealed class FailureReasonsTests
{
    [Theory]
    [InlineData("not an image: it begins with 'hello'", "not an image: it begins with 'other'")]
    [InlineData("damaged: /photos/2024/a.jpg: bad marker 0xff at 17", "damaged: /photos/2023/b c.jpg: bad marker 0x1f at 99")]
    [InlineData("unreadable: Could not find file \"/a/b.jpg\".", "unreadable: Could not find file \"/c d/e.jpg\".")]
    [InlineData("too large: 40000 × 30000 pixels", "too large: 1,000,000×12 pixels")]
    [InlineData("decoder crashed: 3 times at this file, the last time: the decoder ended (exit code 139)", "decoder crashed: 3 times at this file, the last time: the decoder ended (exit code 137)")]
    [InlineData("timed out: no answer within 60 s", "timed out: no answer within 12.5 s")]
    [InlineData("damaged: IMG_001.jpg: read error", "damaged: Urlaub.jpeg: read error")]
    [InlineData("not an image: begins with the text “not a picture”", "not an image: begins with the text “nor this”")]
    [InlineData("not an image: begins with the bytes 00 ff 1A", "not an image: begins with the bytes 12 34 56 78")]
    [InlineData("damaged: 0123456789abcdef0123", "damaged: ffff456789abcdef0123")]
    public void GroupOf_ReasonsThatDifferInDetails_IsOneGroup(string one, string other)
    {
        Assert.Equal(FailureReasons.GroupOf(one), FailureReasons.GroupOf(other));
        Assert.StartsWith(one[..(one.IndexOf(':', StringComparison.Ordinal) + 1)], FailureReasons.GroupOf(one), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("damaged: bad marker", "truncated: bad marker")]
    [InlineData("damaged: bad marker", "damaged: premature end")]
    public void GroupOf_OtherReasons_AreOtherGroups(string one, string other) =>
        Assert.NotEqual(FailureReasons.GroupOf(one), FailureReasons.GroupOf(other));

    [Fact]
    public void GroupOf_VeryLongReason_IsShort() => Assert.InRange(FailureReasons.GroupOf(new string('x', 5000)).Length, 1, 160);
}
