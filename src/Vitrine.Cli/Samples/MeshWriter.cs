using System.Globalization;
using System.Numerics;
using System.Text;

namespace Vitrine.Cli.Samples;

/// <summary>Writes meshes in the formats that makers exchange. Units are millimetres, except in GLB: metres.</summary>
internal static class MeshWriter
{
    /// <summary>Binary STL: 80 bytes of header, u32 count, then for each triangle a normal, three corners and u16 zero.</summary>
    public static void WriteStl(Mesh mesh, string path)
    {
        using var writer = new BinaryWriter(File.Create(path));
        writer.Write(Encoding.ASCII.GetBytes("Vitrine sample".PadRight(80)));
        writer.Write(mesh.Triangles.Count);
        foreach (var (a, b, c) in mesh.Triangles)
        {
            var (first, second, third) = (mesh.Vertices[a], mesh.Vertices[b], mesh.Vertices[c]);
            var normal = Vector3.Cross(second - first, third - first);
            Vector3[] parts = [normal.LengthSquared() > 0 ? Vector3.Normalize(normal) : Vector3.UnitZ, first, second, third];
            foreach (var part in parts)
            {
                writer.Write(part.X);
                writer.Write(part.Y);
                writer.Write(part.Z);
            }

            writer.Write((ushort)0);
        }
    }

    public static void WriteObj(Mesh mesh, string path) => File.WriteAllLines(path, [
        "# Vitrine sample",
        .. mesh.Vertices.Select(vertex => $"v {Text(vertex)}"),
        .. mesh.Triangles.Select(triangle => $"f {triangle.A + 1} {triangle.B + 1} {triangle.C + 1}"),
    ]);

    public static void WritePly(Mesh mesh, string path) => File.WriteAllLines(path, [
        "ply", "format ascii 1.0", "comment Vitrine sample", $"element vertex {mesh.Vertices.Count}", "property float x", "property float y",
        "property float z", $"element face {mesh.Triangles.Count}", "property list uchar int vertex_indices", "end_header",
        .. mesh.Vertices.Select(Text),
        .. mesh.Triangles.Select(triangle => $"3 {triangle.A} {triangle.B} {triangle.C}"),
    ]);

    /// <summary>GLB: "glTF", u32 2, u32 length, then two chunks, each u32 length, u32 type, bytes: JSON padded with spaces, binary with zeros.</summary>
    public static void WriteGlb(Mesh mesh, string path, Colour colour)
    {
        using var binary = new MemoryStream();
        using (var writer = new BinaryWriter(binary, Encoding.UTF8, leaveOpen: true))
        {
            foreach (var vertex in mesh.Vertices)
            {
                writer.Write(vertex.X / 1000);
                writer.Write(vertex.Z / 1000);
                writer.Write(-vertex.Y / 1000); // up is Y there
            }

            foreach (var (a, b, c) in mesh.Triangles)
            {
                writer.Write(a);
                writer.Write(b);
                writer.Write(c);
            }
        }

        var json = Encoding.UTF8.GetBytes(Gltf(mesh, colour)).ToList();
        while (json.Count % 4 != 0)
            json.Add((byte)' ');
        using var file = new BinaryWriter(File.Create(path));
        file.Write("glTF"u8);
        file.Write(2);
        file.Write(12 + 8 + json.Count + 8 + (int)binary.Length);
        file.Write(json.Count);
        file.Write("JSON"u8);
        file.Write([.. json]);
        file.Write((int)binary.Length);
        file.Write("BIN\0"u8);
        file.Write(binary.ToArray());
    }

    private static string Gltf(Mesh mesh, Colour colour)
    {
        var corners = mesh.Vertices.Select(vertex => new Vector3(vertex.X, vertex.Z, -vertex.Y) / 1000).ToList();
        var (low, high) = (corners.Aggregate(Vector3.Min), corners.Aggregate(Vector3.Max));
        var (places, indices) = (mesh.Vertices.Count * 12, mesh.Triangles.Count * 12);
        var shade = Convert.FromHexString(colour.Opaque[1..]).Select(channel => SvgCanvas.Number(channel / 255.0));
        return $$$"""
            {"asset":{"version":"2.0","generator":"Vitrine sample"},"scene":0,"scenes":[{"nodes":[0]}],"nodes":[{"mesh":0}],
            "meshes":[{"primitives":[{"attributes":{"POSITION":0},"indices":1,"material":0}]}],
            "materials":[{"pbrMetallicRoughness":{"baseColorFactor":[{{{string.Join(',', shade)}}},1],"metallicFactor":0.1,"roughnessFactor":0.5} }],
            "buffers":[{"byteLength":{{{places + indices}}} }],
            "bufferViews":[{"buffer":0,"byteOffset":0,"byteLength":{{{places}}},"target":34962},{"buffer":0,"byteOffset":{{{places}}},"byteLength":{{{indices}}},"target":34963}],
            "accessors":[{"bufferView":0,"componentType":5126,"count":{{{mesh.Vertices.Count}}},"type":"VEC3","min":[{{{Commas(low)}}}],"max":[{{{Commas(high)}}}]},
            {"bufferView":1,"componentType":5125,"count":{{{mesh.Triangles.Count * 3}}},"type":"SCALAR"}]}
            """;
    }

    private static string Text(Vector3 vector) => string.Create(CultureInfo.InvariantCulture, $"{vector.X:0.####} {vector.Y:0.####} {vector.Z:0.####}");

    private static string Commas(Vector3 vector) => string.Create(CultureInfo.InvariantCulture, $"{vector.X:R},{vector.Y:R},{vector.Z:R}");
}
