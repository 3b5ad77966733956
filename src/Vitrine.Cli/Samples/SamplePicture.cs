namespace Vitrine.Cli.Samples;

/// <summary>A picture that is to be made.</summary>
/// <param name="Path">Relative to the sample folder; the extension decides the format.</param>
/// <param name="Paint">Draws it.</param>
/// <param name="Seed">The same seed gives the same picture.</param>
/// <param name="Facts">What its metadata says; null for a picture without any.</param>
internal sealed record SamplePicture(
    string Path, Action<SvgCanvas, Random> Paint, int Seed, int Width, int Height, SampleFacts? Facts);
