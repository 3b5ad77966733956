using System.Runtime.InteropServices;
using System.Text;

namespace Vitrine.Benchmarks.Setting;

/// <summary>Folders of very many files: hard links to a few pictures, a thousand to a folder, ten folders to a folder.</summary>
internal static class LinkedFiles
{
    private const int PerFolder = 1000;

    /// <summary>ext4 allows 65,000 links to a file.</summary>
    private const int LinksPerPicture = 20_000;

    /// <summary>Makes the folder unless it is there already.</summary>
    public static string Ensure(BenchRun run, int count)
    {
        var folder = Path.Join(run.Work, $"files-{count}");
        var whole = folder + ".whole";
        if (File.Exists(whole))
            return folder;
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        BenchRun.Say($"Making {count:N0} files…");
        var pictures = VariedPhotos.Ensure(run, run.Photos);
        var originals = Directory.GetFiles(pictures, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
            .Take(Math.Max(10, count / LinksPerPicture)).ToArray();
        for (var i = 0; i < count; i++)
        {
            var parent = Path.Join(folder, $"{i / PerFolder / 10:000}", $"{i / PerFolder % 10}");
            if (i % PerFolder == 0)
                Directory.CreateDirectory(parent);
            Link(originals[i % originals.Length], Path.Join(parent, $"IMG_{i:0000000}.jpg"));
        }

        File.WriteAllText(whole, "");
        return folder;
    }

    /// <summary>Makes a folder in which each of some files is so many times, unless it is there already.</summary>
    public static string Repeat(BenchRun run, string name, IReadOnlyList<string> files, int times)
    {
        var folder = Path.Join(run.Work, name);
        if (Directory.Exists(folder) && Directory.GetFiles(folder).Length == files.Count * times)
            return folder;
        Directory.CreateDirectory(folder);
        for (var i = 0; i < files.Count * times; i++)
        {
            var path = Path.Join(folder, $"{i:0000}.jpg");
            if (!File.Exists(path))
                Link(files[i % files.Count], path);
        }

        return folder;
    }

    private static void Link(string existing, string path)
    {
        if (link(Encoding.UTF8.GetBytes(existing + "\0"), Encoding.UTF8.GetBytes(path + "\0")) != 0)
            throw new IOException($"{path} cannot be linked to {existing}: error {Marshal.GetLastPInvokeError()}.");
    }

#pragma warning disable SYSLIB1054, CA5392 // generated marshalling would ask for unsafe code in a project that needs none otherwise
    [DllImport("libc", SetLastError = true)]
    private static extern int link(byte[] existing, byte[] path);
#pragma warning restore SYSLIB1054, CA5392
}
