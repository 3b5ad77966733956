namespace Vitrine.Images.Metadata;

/// <summary>Reads fields from PNG's text chunks, by the keywords that the PNG specification registers.</summary>
internal static class PngTextFields
{
    public static SourceMetadata Read(MetadataBlocks blocks)
    {
        string? First(string keyword) => MetadataText.Tidy(blocks.Texts.FirstOrDefault(text => text.Keyword == keyword).Text);
        var fields = new PictureMetadata
        {
            Title = First("Title"),
            Description = CameraNames.Description(First("Description")) ?? CameraNames.Description(First("Comment")),
            Creator = First("Author"),
            Copyright = First("Copyright"),
        };
        return new(fields, null, CaptureTime.Parse(First("Creation Time")));
    }
}
