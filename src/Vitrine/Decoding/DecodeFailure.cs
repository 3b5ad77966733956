namespace Vitrine.Decoding;

/// <summary>Why a file could not be decoded.</summary>
/// <param name="Reason">A class, then the details where there are any, e.g. <c>cut off: premature end of JPEG image</c>.</param>
/// <param name="Transient">True when trying again later may help (a locked file, an I/O error); false for a damaged file.</param>
/// <param name="IsDoubtful">True when another decoder may read the file: this one does not support it, or does not say what is wrong with it.</param>
public sealed record DecodeFailure(string Reason, bool Transient, bool IsDoubtful = false);
