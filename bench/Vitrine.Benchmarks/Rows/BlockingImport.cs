using System.Diagnostics;
using System.Text.Json;
using Microsoft.Data.Sqlite;
using Vitrine.Decoding;
using Vitrine.Embeddings;
using Vitrine.Images;
using Vitrine.Images.Vips;

namespace Vitrine.Benchmarks.Rows;

/// <summary>
/// The usual way, written plainly: open every picture, insert rows 32 at a time, embed everything at the end, and only then show the first
/// page. It does the same work with the same code as a decoder (hashes, header, metadata, thumbnail, perceptual hash), but in one process.
/// The plain loop is what such programs do; the other variant has a loop on each core.
/// </summary>
internal sealed class BlockingImport(string folder, string data) : IDisposable
{
    private const int BatchSize = 32, PageSize = 100;

    private readonly DecoderOptions _options = new();
    private readonly VisualDescriptor _descriptor = new();
    private readonly SqliteConnection _database = Open(Path.Join(data, "blocking.db"));
    private readonly Lock _gate = new();
    private readonly List<(string Path, Inspection Inspection)> _batch = [];

    /// <summary>A process of its own: prints the milliseconds until the first page was there, which is also when all was complete.</summary>
    public static int Run(string[] args)
    {
        var arguments = new BenchArguments(args);
        // Its libvips uses all cores on each picture, as it does when nobody tells it otherwise; a loop on each core does not need that.
        var loops = arguments.Number("loops", 1);
        VipsLibrary.Initialize();
        VipsNative.ConcurrencySet(loops == 1 ? Environment.ProcessorCount : 1);
        using var import = new BlockingImport(arguments.Words[0], arguments.Words[1]);
        var clock = Stopwatch.StartNew();
        var shown = import.ImportAndShow(loops);
        Console.WriteLine($"{clock.Elapsed.TotalMilliseconds:0.0}");
        return shown > 0 ? 0 : 3;
    }

    public void Dispose() => _database.Dispose();

    private int ImportAndShow(int loops)
    {
        var files = Directory.EnumerateFiles(folder, "*.jpg", SearchOption.AllDirectories).Order(StringComparer.Ordinal).ToArray();
        if (loops == 1)
        {
            using var inspector = new FileInspector(_options.PixelLimit);
            foreach (var file in files)
                ImportOne(inspector, file);
        }
        else
        {
            Parallel.ForEach(
                files, new ParallelOptions { MaxDegreeOfParallelism = loops }, () => new FileInspector(_options.PixelLimit),
                (file, _, inspector) =>
                {
                    ImportOne(inspector, file);
                    return inspector;
                },
                inspector => inspector.Dispose());
        }

        InsertBatch();
        EmbedAll(loops);
        return ShowFirstPage();
    }

    private void ImportOne(FileInspector inspector, string file)
    {
        var inspection = inspector.Inspect(new InspectRequest(file), _options.ThumbnailLongSide, new WebPEncoding(_options.ThumbnailQuality, _options.ThumbnailEffort));
        if (inspection.Thumbnail is { } thumbnail)
            File.WriteAllBytes(ThumbnailPath(inspection.Identity!.Sha256), thumbnail.WebP);
        lock (_gate)
        {
            _batch.Add((file, inspection));
            if (_batch.Count == BatchSize)
                InsertBatch();
        }
    }

    private void InsertBatch()
    {
        using var transaction = _database.BeginTransaction();
        foreach (var (path, inspection) in _batch)
        {
            Execute(
                "INSERT INTO pictures (path, size, sha256, md5, width, height, colour, hash, metadata) VALUES (@path, @size, @sha, @md5, @width, @height, @colour, @hash, @metadata)",
                transaction,
                ("@path", path), ("@size", inspection.Identity!.Size), ("@sha", inspection.Identity.Sha256), ("@md5", inspection.Identity.Md5),
                ("@width", inspection.Header?.Width), ("@height", inspection.Header?.Height), ("@colour", inspection.Thumbnail?.AverageColour),
                ("@hash", inspection.Thumbnail?.PerceptualHash), ("@metadata", JsonSerializer.Serialize(inspection.Metadata)));
        }

        transaction.Commit();
        _batch.Clear();
    }

    private void EmbedAll(int loops)
    {
        var pictures = Read("SELECT id, sha256 FROM pictures ORDER BY id", row => (Id: row.GetInt64(0), Sha256: (byte[])row.GetValue(1)));
        Parallel.ForEach(pictures.Chunk(_descriptor.PreferredBatch), new ParallelOptions { MaxDegreeOfParallelism = loops }, chunk =>
        {
            var pixels = chunk.SelectMany(picture => ReadPixels(picture.Sha256)).ToArray();
            var vectors = new float[chunk.Length * _descriptor.Space.Dimensions];
            _descriptor.Embed(pixels, chunk.Length, vectors);
            foreach (var batch in chunk.Index().Chunk(BatchSize))
                StoreVectors(batch, vectors);
        });
    }

    private byte[] ReadPixels(byte[] sha256)
    {
        using var inspector = new FileInspector(_options.PixelLimit);
        return inspector.ReadPixels(new PixelsRequest([ThumbnailPath(sha256)], _descriptor.InputSide))[0].Rgb!;
    }

    private void StoreVectors((int Index, (long Id, byte[] Sha256) Item)[] batch, float[] vectors)
    {
        lock (_gate)
        {
            using var transaction = _database.BeginTransaction();
            foreach (var (place, picture) in batch)
            {
                Execute(
                    "UPDATE pictures SET vector = @vector WHERE id = @id", transaction,
                    ("@id", picture.Id), ("@vector", VectorEncoding.Encode(vectors.AsSpan(place * _descriptor.Space.Dimensions, _descriptor.Space.Dimensions))));
            }

            transaction.Commit();
        }
    }

    private int ShowFirstPage()
    {
        var page = Read("SELECT id, path, width, height FROM pictures ORDER BY id LIMIT " + PageSize, row => new { Id = row.GetInt64(0), Path = row.GetString(1) });
        return JsonSerializer.SerializeToUtf8Bytes(page).Length;
    }

    private string ThumbnailPath(byte[] sha256) => Path.Join(data, Convert.ToHexStringLower(sha256) + ".webp");

    private static SqliteConnection Open(string path)
    {
        var connection = new SqliteConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText =
            """
            PRAGMA journal_mode = WAL;
            PRAGMA synchronous = NORMAL;
            CREATE TABLE pictures (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, size INTEGER, sha256 BLOB, md5 BLOB, width INTEGER, height INTEGER,
                colour INTEGER, hash BLOB, metadata TEXT, vector BLOB);
            """;
        command.ExecuteNonQuery();
        return connection;
    }

    private void Execute(string sql, SqliteTransaction transaction, params ReadOnlySpan<(string Name, object? Value)> parameters)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        command.Transaction = transaction;
        foreach (var (name, value) in parameters)
            command.Parameters.AddWithValue(name, value ?? DBNull.Value);
        command.ExecuteNonQuery();
    }

    private List<T> Read<T>(string sql, Func<SqliteDataReader, T> read)
    {
        using var command = _database.CreateCommand();
        command.CommandText = sql;
        using var reader = command.ExecuteReader();
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(read(reader));
        return rows;
    }
}
