namespace Vitrine.Images;

/// <summary>The file is a picture in a format that the installed libvips does not read.</summary>
internal sealed class UnsupportedPictureException(string format)
    : Exception($"the installed libvips does not read {format}; `vitrine doctor` lists what it reads");
