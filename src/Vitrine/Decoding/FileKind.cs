namespace Vitrine.Decoding;

/// <summary>What a decoder is to make of a file.</summary>
public enum FileKind : byte
{
    /// <summary>Identity, header, metadata, thumbnail.</summary>
    Picture = 0,

    /// <summary>Identity only: a 3D model is not decoded here.</summary>
    Model = 1,
}
