using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using Vitrine.Storage;

namespace Vitrine.Server.Security;

/// <summary>The secret that lets a client in from another machine. Made once, kept in the data folder, readable by its owner only.</summary>
public sealed class AccessToken
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    private readonly byte[] _value;

    private AccessToken(string value, bool isNew)
    {
        _value = Encoding.ASCII.GetBytes(value);
        Value = value;
        IsNew = isNew;
    }

    public string Value { get; }

    /// <summary>Whether it was made just now, and so has to be shown.</summary>
    public bool IsNew { get; }

    public static string FileIn(string dataFolder) => Path.Join(dataFolder, "access-token");

    /// <param name="anew">Makes another one in place of the one that is there.</param>
    /// <exception cref="DataFolderException">It can be neither read nor written.</exception>
    public static AccessToken ReadOrMake(string dataFolder, bool anew = false)
    {
        try
        {
            return ReadOrMakeIn(dataFolder, anew);
        }
        catch (Exception exception) when (DiskTrouble.Is(exception))
        {
            throw DataFolder.CannotBeWritten(dataFolder, exception);
        }
    }

    /// <summary>Makes another token in the place of the one that is kept. A server that runs goes on with the one it has until it is started again.</summary>
    /// <exception cref="DataFolderException">It cannot be written.</exception>
    public static AccessToken Renew(string dataFolder)
    {
        try
        {
            return Make(FileIn(dataFolder));
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

    private static AccessToken ReadOrMakeIn(string dataFolder, bool anew)
    {
        var file = FileIn(dataFolder);
        if (File.Exists(file))
        {
            // One that a copy or a restore left open to others is closed again.
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, OwnerOnly);
            if (!anew && File.ReadAllText(file).Trim() is { Length: >= 32 } kept)
                return new AccessToken(kept, isNew: false);
        }

        return Make(file);
    }

    private static AccessToken Make(string file)
    {
        var token = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = OwnerOnly;
        using var writer = new StreamWriter(file, options);
        writer.Write(token);
        return new AccessToken(token, isNew: true);
    }
}
