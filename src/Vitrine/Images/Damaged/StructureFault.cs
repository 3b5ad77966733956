namespace Vitrine.Images.Damaged;

/// <summary>What is wrong with the parts that a picture's file is made of, found without decoding: for files of which a decoder only says no.</summary>
/// <param name="Description">For a person who knows the format, without places in the file.</param>
/// <param name="IsCut">Whether the end is missing, rather than something before it wrong.</param>
internal sealed record StructureFault(string Description, bool IsCut)
{
    /// <summary>The first fault; null when there is none, and of formats whose structure is not known here.</summary>
    /// <param name="format">As in <see cref="PictureHeader.Format"/>.</param>
    /// <param name="file">All of it.</param>
    public static StructureFault? FindOrNull(string format, ReadOnlySpan<byte> file) => format switch
    {
        "jpeg" => JpegStructure.FaultOrNull(file),
        "png" => PngStructure.FaultOrNull(file),
        "gif" => GifStructure.FaultOrNull(file),
        "tiff" => TiffStructure.FaultOrNull(file),
        "webp" => WebPStructure.FaultOrNull(file),
        "avif" or "heic" => HeifStructure.FaultOrNull(file),
        _ => null,
    };

    public static StructureFault Cut(string within) => new($"the file ends within {within}", IsCut: true);

    public static StructureFault Wrong(string what) => new(what, IsCut: false);
}
