using System.Globalization;
using System.Runtime.InteropServices;

namespace Vitrine.EndToEnd;

/// <summary>A folder of small files for one test, removed with this object.</summary>
public sealed class SampleFolder : IDisposable
{
    /// <summary>Of one picture, so that several originals share the load: file systems allow some tens of thousands.</summary>
    private const int LinksPerOriginal = 20_000;

    private static readonly (int Width, int Height)[] s_shapes = [(240, 180), (180, 240), (200, 200), (320, 120)];

    public string Path { get; } = Directory.CreateTempSubdirectory("vitrine-e2e-").FullName;

    public string PathOf(string name) => System.IO.Path.Combine(Path, name);

    /// <summary><c>picture-0000.png</c> and on, of several shapes.</summary>
    public SampleFolder WithPictures(int count)
    {
        for (var i = 0; i < count; i++)
        {
            var (width, height) = s_shapes[i % s_shapes.Length];
            WithPicture($"picture-{i:d4}.png", width, height, seed: i);
        }
        return this;
    }

    public SampleFolder WithPicture(string name, int width = 240, int height = 180, int seed = 1)
    {
        PngPicture.Write(PathOf(name), width, height, seed);
        return this;
    }

    public SampleFolder With(string name, string content)
    {
        File.WriteAllText(PathOf(name), content);
        return this;
    }

    public SampleFolder With(string name, byte[] content)
    {
        File.WriteAllBytes(PathOf(name), content);
        return this;
    }

    /// <summary>A tetrahedron as ASCII STL.</summary>
    public SampleFolder WithModel(string name) => With(name, """
        solid tetrahedron
          facet normal 0 0 -1
            outer loop
              vertex 0 0 0
              vertex 0 1 0
              vertex 1 0 0
            endloop
          endfacet
          facet normal 0 -1 0
            outer loop
              vertex 0 0 0
              vertex 1 0 0
              vertex 0 0 1
            endloop
          endfacet
          facet normal -1 0 0
            outer loop
              vertex 0 0 0
              vertex 0 0 1
              vertex 0 1 0
            endloop
          endfacet
          facet normal 1 1 1
            outer loop
              vertex 1 0 0
              vertex 0 1 0
              vertex 0 0 1
            endloop
          endfacet
        endsolid tetrahedron
        """);

    /// <summary>Very many files at the price of a few: hard links, a thousand to a folder, <c>00/p00000.png</c> and on.</summary>
    public SampleFolder WithLinkedPictures(int count)
    {
        using var originals = new SampleFolder();
        var original = "";
        for (var i = 0; i < count; i++)
        {
            if (i % LinksPerOriginal == 0)
            {
                original = originals.PathOf($"original-{i}.png");
                PngPicture.Write(original, 160, 120, seed: i);
            }
            var folder = PathOf((i / 1000).ToString("d2", CultureInfo.InvariantCulture));
            if (i % 1000 == 0)
                Directory.CreateDirectory(folder);
            if (Link(original, System.IO.Path.Combine(folder, $"p{i:d5}.png")) != 0)
                throw new IOException($"A hard link in {folder} could not be made (errno {Marshal.GetLastPInvokeError()}).");
        }
        return this;
    }

    public void Dispose() => Directory.Delete(Path, recursive: true);

    [DllImport("libc", EntryPoint = "link", SetLastError = true)]
    private static extern int Link([MarshalAs(UnmanagedType.LPUTF8Str)] string existing, [MarshalAs(UnmanagedType.LPUTF8Str)] string added);
}
