using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Storage;

namespace Vitrine.Server.Security;

/// <summary>The secret that lets a client in from another machine. Made once, kept in the data folder, readable by its owner only.</summary>
public sealed class AccessToken
{
    /// <summary>What is shorter was never a token.</summary>
    private const int ShortestToken = 32;

    private const int MarkLetters = 8;

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _value;
    private readonly Action _end;

    private AccessToken(string value, bool isNew)
    {
        _value = Encoding.ASCII.GetBytes(value);
        Value = value;
        IsNew = isNew;
        Mark = Base64Url.EncodeToString(Sign("name"))[..MarkLetters];
        var ended = new CancellationTokenSource(); // has neither timer nor link, and need not be disposed of
        (Ended, _end) = (ended.Token, ended.Cancel);
    }

    public string Value { get; }

    /// <summary>Whether it was made just now, and so has to be shown.</summary>
    public bool IsNew { get; }

    /// <summary>Eight letters that tell it from other tokens and say nothing of it.</summary>
    internal string Mark { get; }

    /// <summary>Cancelled when another token has taken its place.</summary>
    internal CancellationToken Ended { get; }

    public static string FileIn(string dataFolder) => Path.Join(dataFolder, "access-token");

    /// <param name="anew">Makes another one in place of the one that is there. A server that runs takes it at the next request.</param>
    /// <exception cref="DataFolderException">It can be neither read nor written.</exception>
    public static AccessToken ReadOrMake(string dataFolder, bool anew = false)
    {
        try
        {
            return (anew ? null : ReadAndCloseOrNull(FileIn(dataFolder))) ?? Make(dataFolder);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw DataFolder.CannotBeWritten(dataFolder, exception);
        }
    }

    /// <summary>Compares in constant time.</summary>
    public bool Matches(string? presented) =>
        presented is not null && CryptographicOperations.FixedTimeEquals(Encoding.UTF8.GetBytes(presented), _value);

    /// <summary>What only a holder of the token can make of a text.</summary>
    internal byte[] Sign(string text) => HMACSHA256.HashData(_value, Encoding.UTF8.GetBytes(text));

    /// <summary>What is served for it now is broken off.</summary>
    internal void End() => _end();

    /// <returns>Null where the file holds no token.</returns>
    internal static AccessToken? ReadOrNull(string file) =>
        File.ReadAllText(file).Trim() is { Length: >= ShortestToken } kept ? new AccessToken(kept, isNew: false) : null;

    private static AccessToken? ReadAndCloseOrNull(string file)
    {
        if (!File.Exists(file))
            return null;
        // One that a copy or a restore left open to others is closed again.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(file, OwnerOnly);
        return ReadOrNull(file);
    }

    /// <summary>Under its name only when it is whole: a server may read it at any moment.</summary>
    private static AccessToken Make(string dataFolder)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var temporary = Path.Join(dataFolder, $"{OwnFiles.TokenBeginning}{Guid.CreateVersion7():N}");
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = OwnerOnly;
            using (var writer = new StreamWriter(temporary, options))
                writer.Write(token);
            File.Move(temporary, FileIn(dataFolder), overwrite: true);
            return new AccessToken(token, isNew: true);
        }
        finally
        {
            File.Delete(temporary); // of a full disk; after the move there is none
        }
    }
}
