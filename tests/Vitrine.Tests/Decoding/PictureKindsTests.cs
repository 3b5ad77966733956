using System.Text;
using Vitrine.Decoding;
using Vitrine.Images;
using Vitrine.Tests.Images;
using Xunit;

namespace Vitrine.Tests.Decoding;

/// <summary>Files of known formats that begin in another way, or have colours of another kind, than most.</summary>
[Collection(nameof(OneErrorBuffer))]
public sealed class PictureKindsTests : IDisposable
{
    private readonly SamplePictures _pictures = new();

    public void Dispose() => _pictures.Dispose();

    public static TheoryData<string> Prologs => [.. s_prologs.Keys];

    private const string Declaration = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n", Drawing = "width=\"640\" height=\"480\"><rect width=\"640\" height=\"480\" fill=\"#c82828\"/></svg>",
        Root = "<svg xmlns=\"http://www.w3.org/2000/svg\" ", Illustrator = """
            <!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd" [
                <!ENTITY ns_svg "http://www.w3.org/2000/svg">
                <!ENTITY ns_ai "http://ns.adobe.com/AdobeIllustrator/10.0/">
            ENDING
            <svg xmlns="&ns_svg;" xmlns:i="&ns_ai;" 
            """;

    private static readonly Dictionary<string, byte[]> s_prologs = new()
    {
        ["plain"] = Encoding.UTF8.GetBytes(Declaration + Root + Drawing),
        ["short comment"] = Encoding.UTF8.GetBytes($"{Declaration}<!-- made by hand > -->\n{Root}{Drawing}"),
        ["licence of 6 kB"] = Encoding.UTF8.GetBytes($"{Declaration}<!-- {string.Join(' ', Enumerable.Repeat("licence text", 500))} -->\n{Root}{Drawing}"),
        ["illustrator"] = Encoding.UTF8.GetBytes(Declaration + Illustrator.Replace("ENDING", "]>", StringComparison.Ordinal) + Drawing),
        ["illustrator with a space"] = Encoding.UTF8.GetBytes(Declaration + Illustrator.Replace("ENDING", "] >", StringComparison.Ordinal) + Drawing),
        ["prefix"] = Encoding.UTF8.GetBytes(Declaration + "<n:svg xmlns:n=\"http://www.w3.org/2000/svg\" " + Drawing.Replace("<rect", "<n:rect", StringComparison.Ordinal).Replace("</svg", "</n:svg", StringComparison.Ordinal)),
        ["utf-16"] = [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(Declaration.Replace("UTF-8", "UTF-16", StringComparison.Ordinal) + Root + Drawing)],
        ["line ends in the tag"] = Encoding.UTF8.GetBytes(Declaration + (Root + Drawing).Replace(" width", "\n  width", StringComparison.Ordinal)),
    };

    [Theory]
    [MemberData(nameof(Prologs))]
    public void Inspect_SvgHoweverItBegins_IsDrawnAtTheSizeThatIsWanted(string prolog)
    {
        var inspection = Inspect(_pictures.Bytes("a.svg", s_prologs[prolog]));

        Assert.True(inspection.Failure is null, $"{inspection.Failure}");
        Assert.Equal(new PictureHeader("svg", 640, 480, 1, 1), inspection.Header);
        Assert.Equal((320, 240), (inspection.Thumbnail!.Width, inspection.Thumbnail.Height));
        FileInspectorTests.AssertNear(0xC82828, inspection.Thumbnail.AverageColour, 4, prolog);
    }

    /// <summary>A brand says what a file is made by; that it is AVIF is said by any of them. Sequences have another one first.</summary>
    [Fact]
    public void Inspect_AvifWhateverBrandComesFirst_IsShown()
    {
        var avif = File.ReadAllBytes(_pictures.Avif("a.avif", 400, 300));
        foreach (var brand in new[] { "avis", "miaf", "MA1B", "mif1" })
        {
            Encoding.ASCII.GetBytes(brand).CopyTo(avif, 8);
            var inspection = Inspect(_pictures.Bytes("a.avif", avif));
            Assert.True(inspection is { Failure: null, Thumbnail.Width: 320, Header.Format: "avif" }, $"{brand}: {inspection.Failure}");
        }
    }

    [Fact]
    public void Inspect_ProfileCalledSRgbThatIsNot_IsHeeded()
    {
        FileInspectorTests.AssertNear(0xDC0012, Inspect(_pictures.ProfiledPng("a.png", SampleProfiles.WideGamut(), 200, 40, 40)).Thumbnail!.AverageColour, 6, "wide gamut");
        FileInspectorTests.AssertNear(0x808080, Inspect(_pictures.ProfiledPng("a.png", SampleProfiles.Linear(), 55, 55, 55)).Thumbnail!.AverageColour, 6, "linear");
        FileInspectorTests.AssertNear(0x2323C9, Inspect(_pictures.ProfiledPng("a.png", SampleProfiles.Swapped(), 200, 40, 40)).Thumbnail!.AverageColour, 6, "swapped");
    }

    [Fact]
    public void Inspect_BrokenProfile_CostsOnlyTheProfile()
    {
        var inspection = Inspect(_pictures.ProfiledPng("a.png", SampleProfiles.Broken(), 200, 40, 40));

        Assert.True(inspection is { Failure: null, Warning: null }, $"{inspection.Failure} {inspection.Warning}");
        FileInspectorTests.AssertNear(0xC82828, inspection.Thumbnail!.AverageColour, 4, "broken");
    }

    [Fact]
    public void Inspect_BmpOfAKindThatIsNotRead_MayBeReadByAnother()
    {
        var bmp = File.ReadAllBytes(_pictures.Bmp("a.bmp"));
        bmp[28] = 64;

        Assert.Equal(new DecodeFailure("not supported: a BMP of 64 bits with compression 0 is not supported", Transient: false, IsDoubtful: true), Inspect(_pictures.Bytes("a.bmp", bmp)).Failure);
    }

    private static Inspection Inspect(string path)
    {
        using var inspector = new FileInspector(500_000_000);
        return inspector.Inspect(new InspectRequest(path), 320, new WebPEncoding(80, 2));
    }
}
