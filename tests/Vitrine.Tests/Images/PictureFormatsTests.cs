using FsCheck;
using FsCheck.Fluent;
using Vitrine.Images;
using Xunit;

namespace Vitrine.Tests.Images;

public sealed class PictureFormatsTests
{
    [Theory]
    [InlineData("<svg xmlns='http://www.w3.org/2000/svg'/>", "svg")]
    [InlineData("<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg>\n<svg>", "svg")]
    [InlineData("<!DOCTYPE svg PUBLIC \"-//W3C//DTD SVG 1.1//EN\" \"svg11.dtd\" [\n<!ENTITY ns_svg \"http://www.w3.org/2000/svg\">\n<!-- ]> -->\n] >\n<svg xmlns=\"&ns_svg;\">", "svg")]
    [InlineData("<?xml version='1.0'?><ns0:svg xmlns:ns0='http://www.w3.org/2000/svg'>", "svg")]
    [InlineData("  <svg\n xmlns='http://www.w3.org/2000/svg'>", "svg")]
    [InlineData("<!DOCTYPE svg [ <!ENTITY a 'never closed", null)]
    [InlineData("<svgs>", null)]
    [InlineData("<html><svg/></html>", null)]
    [InlineData("FUJIFILMCCD-RAW 0201", "raw")]
    [InlineData("BM is not always a bitmap, as this text shows", null)]
    [InlineData("", null)]
    public void Find_Text_IsToldByItsStart(string head, string? format) =>
        Assert.Equal(format, PictureFormats.FindOrNull(System.Text.Encoding.UTF8.GetBytes(head)));

    [Theory]
    [InlineData("0000001C66747970" + "61766966" + "00000000" + "6D696631", "avif")]
    [InlineData("0000001C66747970" + "6D696631" + "00000000" + "61766966" + "00000000", "avif")]
    [InlineData("0000001866747970" + "68656963" + "00000000" + "6D696631", "heic")]
    [InlineData("0000001866747970" + "63727820" + "00000001" + "63727820", "raw")]
    [InlineData("0000001866747970" + "69736F6D" + "00000000" + "6D703432", null)]
    [InlineData("49492A0010000000" + "4352", "raw")]
    [InlineData("49492A0008000000" + "0100" + "12C6010004000000" + "01040000", "raw")]
    [InlineData("4D4D002A00000008" + "0001" + "0100000400000001" + "00000010", "tiff")]
    [InlineData("FFD8FFE0" + "00104A464946", "jpeg")]
    [InlineData("FFD87FE0" + "00104A464946", "jpeg")]
    [InlineData("FFD87F4A" + "00104A464946", null)]
    [InlineData("FF0A", "jxl")]
    public void Find_Signature_IsKnown(string hexadecimal, string? format) =>
        Assert.Equal(format, PictureFormats.FindOrNull(Convert.FromHexString(hexadecimal)));

    [Fact]
    public void Find_SvgBehindALongLicence_IsFound()
    {
        var text = $"<?xml version=\"1.0\"?><!-- {string.Concat(Enumerable.Repeat("licence text ", 5000))} --><svg>";

        foreach (var encoding in (System.Text.Encoding[])[System.Text.Encoding.UTF8, System.Text.Encoding.Unicode, System.Text.Encoding.BigEndianUnicode])
        {
            Assert.Equal("svg", PictureFormats.FindOrNull(encoding.GetBytes(text)));
            Assert.Equal("svg", PictureFormats.FindOrNull([.. encoding.GetPreamble(), .. encoding.GetBytes(text)]));
        }
    }

    [Fact]
    public void Find_AnyBytes_NeverThrows()
    {
        string[] starts = ["", "49492A00", "4D4D002A", "0000001866747970", "424D", "4241", "3C3F", "3C21", "3C21444F43"];
        Prop.ForAll<byte[]>(bytes =>
        {
            foreach (var start in starts)
                PictureFormats.FindOrNull([.. Convert.FromHexString(start), .. bytes ?? []]);
            return true;
        }).QuickCheckThrowOnFailure();
    }
}
