using Vitrine.Storage;

namespace Vitrine.Server.Security;

/// <summary>
/// The access token as the data folder holds it at the moment: <c>vitrine token --new</c> puts another one there while the server runs, and from the next
/// request on the one before, and every cookie that was given for it, opens nothing.
/// </summary>
/// <remarks>Thread-safe. A look at the file costs a few microseconds, and is taken at each request.</remarks>
internal sealed class KeptToken(string dataFolder, AccessToken first)
{
    private readonly string _file = AccessToken.FileIn(dataFolder);
    private readonly Lock _reading = new();
    private AccessToken _token = first;
    private FileFacts? _read;

    /// <summary>The last one that could be read: a file that is gone, or holds no token, changes nothing.</summary>
    public AccessToken Current
    {
        get
        {
            var facts = FileFacts.OfOrNull(_file);
            lock (_reading)
            {
                if (facts is null || facts == _read)
                    return _token;
                // The facts are older than what is read now: what is written meanwhile is read next time.
                _read = facts;
                return Take(ReadOrNull());
            }
        }
    }

    private AccessToken Take(AccessToken? read)
    {
        var before = _token;
        if (read is null || read.Value == before.Value)
            return before;
        _token = read;
        before.End();
        return read;
    }

    private AccessToken? ReadOrNull()
    {
        try
        {
            return AccessToken.ReadOrNull(_file);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            return null;
        }
    }
}
