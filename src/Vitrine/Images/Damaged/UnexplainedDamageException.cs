using Vitrine.Images.Vips;

namespace Vitrine.Images.Damaged;

/// <summary>A decoder refused a picture without a word, or with words from which nobody would guess that its file is cut off.</summary>
/// <param name="fault">What the file's structure shows; null when it looks sound.</param>
internal sealed class UnexplainedDamageException(StructureFault? fault) : VipsException(fault?.Description ?? "the decoder gave no reason")
{
    public StructureFault? Fault { get; } = fault;
}
