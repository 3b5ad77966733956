using Vitrine.Progress;
using Xunit;

namespace Vitrine.Tests.Progress;

public sealed class FailureReasonTests
{
    [Theory]
    [InlineData("cut off: VipsJpeg: premature end of JPEG image", FailureClass.CutOff, "VipsJpeg: premature end of JPEG image")]
    [InlineData("not a picture: begins with the text “a: b”", FailureClass.NotAPicture, "begins with the text “a: b”")]
    [InlineData("empty", FailureClass.Empty, null)]
    [InlineData("damaged: ", FailureClass.Damaged, null)]
    [InlineData("damaged: a\n  b\0c", FailureClass.Damaged, "a b c")]
    [InlineData("VipsJpeg: odd", FailureClass.Unexpected, "VipsJpeg: odd")]
    public void Parse_StoredText_GivesClassAndDetails(string text, FailureClass expected, string? details) =>
        Assert.Equal(new FailureReason(expected, details), FailureReason.Parse(text));

    [Fact]
    public void Parse_WhatAnyReasonIsWrittenAs_GivesItBack()
    {
        foreach (var known in Enum.GetValues<FailureClass>())
        {
            foreach (var reason in new[] { new FailureReason(known, null), new FailureReason(known, "details: of it") })
                Assert.Equal(reason, FailureReason.Parse(reason.ToString()));
            Assert.Equal(known, FailureReason.ClassOrNull(FailureReason.CodeOf(known)));
            Assert.Equal(known, FailureReason.ClassOrNull(FailureReason.SentenceOf(known)));
            Assert.Matches("^[A-Z].+\\.$", FailureReason.SentenceOf(known));
        }

        Assert.Equal(Enum.GetValues<FailureClass>().Length, Enum.GetValues<FailureClass>().Select(FailureReason.SentenceOf).Distinct().Count());
        Assert.Null(FailureReason.ClassOrNull("dam"));
    }

    [Theory]
    [InlineData("damaged: object at 0x55d0c4a1b2c0", "damaged: object at 0x7f21aa00b2c0")]
    [InlineData("decoder crashed: (process:4711): GLib-CRITICAL", "decoder crashed: (process:815): GLib-CRITICAL")]
    [InlineData("no thumbnail: /data/tmp/3f2504e0-4f89-11d3-9a0c-0305e82c3301 is full", "no thumbnail: /data/tmp/9b2e04e0-4f89-11d3-9a0c-0305e82c3399 is full")]
    public void Parse_WhatDiffersFromAttemptToAttempt_IsLeftOut(string one, string other) => Assert.Equal(FailureReason.Parse(one), FailureReason.Parse(other));

    [Fact]
    public void Parse_FiguresOfTheFile_Stay() =>
        Assert.Equal("30000 x 30000 is 900 megapixels, marker 0x55", FailureReason.Parse("too large: 30000 x 30000 is 900 megapixels, marker 0x55").Details);

    [Fact]
    public void Parse_EndlessDetails_AreCut() => Assert.Equal(300, FailureReason.Parse("damaged: " + new string('y', 10_000)).Details!.Length);
}
