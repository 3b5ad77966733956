namespace Vitrine.Storage;

/// <summary>A file is not opened because of what it is or where it lies. The message says which, for people.</summary>
/// <param name="leadsOut">Whether it is refused for its place.</param>
public sealed class FenceException(string message, bool leadsOut) : IOException(message)
{
    /// <summary>Whether it lies outside the fence; else it is no regular file.</summary>
    public bool LeadsOut => leadsOut;
}
