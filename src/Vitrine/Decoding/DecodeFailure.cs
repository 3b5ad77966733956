namespace Vitrine.Decoding;

/// <summary>Why a file could not be decoded.</summary>
/// <param name="Reason">For a person: a short code, then the details, e.g. <c>truncated: premature end of JPEG image</c>.</param>
/// <param name="Transient">True when trying again later may help (a locked file, an I/O error); false for a damaged file.</param>
public sealed record DecodeFailure(string Reason, bool Transient);
