using System.Globalization;
using Vitrine.Images.Vips;

namespace Vitrine.Cli.Samples;

/// <summary>Makes the sample folder: pictures drawn by formulas, and a few models. Nothing is downloaded.</summary>
internal static class SampleLibrary
{
    /// <summary>The hidden command <c>vitrine decoder samples FOLDER</c>: a child process, because only those load libvips.</summary>
    /// <returns>The exit code. Standard output has the number of files.</returns>
    public static int MakeAndPrint(string folder) =>
        ChildProgram.Work(() => Console.WriteLine(Make(folder).ToString(CultureInfo.InvariantCulture)));

    /// <summary>Writes what is missing, so that a second call is quick and one that was broken off is completed.</summary>
    /// <returns>How many pictures and models are there.</returns>
    private static int Make(string folder)
    {
        VipsLibrary.Initialize();
        Directory.CreateDirectory(folder);
        var made = 0;
        Parallel.ForEach(SampleCatalogue.Pictures(), picture =>
        {
            if (File.Exists(Path.Join(folder, picture.Path)) || TryWrite(picture, folder))
                Interlocked.Increment(ref made);
        });
        return made + MakeModels(Path.Join(folder, "Models"));
    }

    /// <summary>A libvips without one of the formats makes the others all the same.</summary>
    private static bool TryWrite(SamplePicture picture, string folder)
    {
        try
        {
            PictureWriter.Write(picture, folder);
            return true;
        }
        catch (VipsException exception)
        {
            Console.Error.WriteLine($"{picture.Path} is left out: {exception.Message}");
            return false;
        }
    }

    private static int MakeModels(string folder)
    {
        Directory.CreateDirectory(folder);
        MeshWriter.WriteStl(Mesh.Knot(2, 3), Path.Join(folder, "trefoil.stl"));
        MeshWriter.WriteStl(Mesh.Knot(3, 7), Path.Join(folder, "knot.stl"));
        MeshWriter.WriteObj(Mesh.Vase(12), Path.Join(folder, "vase.obj"));
        MeshWriter.WritePly(Mesh.Ball(6), Path.Join(folder, "bumps.ply"));
        MeshWriter.WriteGlb(Mesh.Knot(2, 5), Path.Join(folder, "star knot.glb"), new Colour(20, 0.7, 0.5));
        MeshWriter.WriteGlb(Mesh.Vase(5), Path.Join(folder, "amphora.glb"), new Colour(200, 0.5, 0.5));
        return 6;
    }
}
