using System.Security.Cryptography;
using Vitrine.Progress;

namespace Vitrine.Cli.Selftest;

/// <summary>The folder that is imported, and what must become of every file in it. All changes go through here.</summary>
internal sealed class TestedFolder
{
    /// <summary>A decoder is told to die at this name, and to hang at the other.</summary>
    public const string Killer = "kills-its-decoder.jpg", Hanger = "hangs-its-decoder.jpg";

    private static readonly string[] s_places = ["", "a", "a/b c", "a/b c/Größe", "deep/er/and/deeper", "日本", "z"];

    private readonly FileMaker _maker;
    private readonly Random _random;
    private readonly SortedDictionary<string, TestedFile> _files = new(StringComparer.Ordinal);
    private int _named;

    public TestedFolder(string root, FileMaker maker, Random random)
    {
        (Root, _maker, _random) = (root, maker, random);
        Directory.CreateDirectory(root);
    }

    public string Root { get; }

    /// <summary>By path relative to the root, with '/'.</summary>
    public IReadOnlyDictionary<string, TestedFile> Files => _files;

    /// <summary>What is there before the first import, with the two files that spoil decoders, and files that are none of Vitrine's business.</summary>
    public void Fill(int count)
    {
        for (var i = 0; i < count; i++)
            Add();
        Write($"a/{Killer}", _maker.PictureOrNull(".jpg")!, Outcome.Failed(FailureClass.DecoderCrashed, FailureClass.GivenUp));
        Write($"z/{Hanger}", _maker.PictureOrNull(".jpg")!, Outcome.Failed(FailureClass.TookTooLong, FailureClass.DecoderCrashed, FailureClass.GivenUp));
        File.WriteAllText(Full("a/notes.txt"), "no picture by its name");
        File.WriteAllText(Full(".hidden.jpg"), "hidden");
    }

    /// <summary>One new file somewhere, sometimes with the content of another one.</summary>
    public void Add()
    {
        var place = s_places[_random.Next(s_places.Length)];
        if (_random.Next(12) == 0 && AnyOrNull() is { } twin)
        {
            Write(Join(place, NewName(Path.GetExtension(twin))), File.ReadAllBytes(Full(twin)), _files[twin].Outcome);
            return;
        }

        var (extension, content, outcome) = _maker.Any();
        Write(Join(place, NewName(extension)), content, outcome);
    }

    /// <summary>Another picture under the name of one that is there.</summary>
    public void Change()
    {
        if (AnyOrNull() is { } path && _maker.PictureOrNull(Path.GetExtension(path)) is { } content)
            Write(path, content, Outcome.Ready);
    }

    public void Move()
    {
        if (AnyOrNull() is not { } from)
            return;
        var to = Join(s_places[_random.Next(s_places.Length)], NewName(Path.GetExtension(from)));
        Directory.CreateDirectory(Path.GetDirectoryName(Full(to))!);
        File.Move(Full(from), Full(to));
        _files.Remove(from, out var file);
        _files.Add(to, file!);
    }

    /// <summary>A folder with all that is in it gets another name, or its old one back.</summary>
    public void MoveFolder()
    {
        var from = _random.Next(2) == 0 ? "a/b c" : "deep/er";
        var to = from + " moved";
        if (!Directory.Exists(Full(from)))
            (from, to) = (to, from);
        if (!Directory.Exists(Full(from)) || Directory.Exists(Full(to)))
            return;
        Directory.Move(Full(from), Full(to));
        foreach (var (path, file) in _files.Where(file => file.Key.StartsWith(from + "/", StringComparison.Ordinal)).ToList())
        {
            _files.Remove(path);
            _files.Add(to + path[from.Length..], file);
        }
    }

    public void Delete()
    {
        if (AnyOrNull() is not { } path)
            return;
        File.Delete(Full(path));
        _files.Remove(path);
    }

    public string Full(string path) => Path.Join(Root, path);

    /// <summary>Not one of the two that spoil decoders: they are known by their names.</summary>
    private string? AnyOrNull()
    {
        var ordinary = _files.Keys.Where(path => Path.GetFileName(path) is not (Killer or Hanger)).ToList();
        return ordinary.Count == 0 ? null : ordinary[_random.Next(ordinary.Count)];
    }

    private void Write(string path, byte[] content, Outcome outcome)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(Full(path))!);
        File.WriteAllBytes(Full(path), content);
        _files[path] = new TestedFile(Convert.ToHexStringLower(SHA256.HashData(content)), outcome);
    }

    private string NewName(string extension) => $"file {++_named}{extension}";

    private static string Join(string folder, string name) => folder.Length == 0 ? name : $"{folder}/{name}";
}
