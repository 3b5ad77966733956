using static Vitrine.Transfer.TransferColumn;

namespace Vitrine.Transfer;

/// <summary>Every table of the embedded database, and what a move does with it. A test compares this with the schema.</summary>
internal static class TransferTables
{
    /// <summary>What goes over with its assets, in the order in which rows may name each other.</summary>
    public static IReadOnlyList<AssetTable> OfAssets { get; } =
    [
        new(
            "assets",
            [
                new("id", ColumnKind.Asset), new("library_id", ColumnKind.Scope), new("folder_id", ColumnKind.Folder), new("task_group_id", ColumnKind.Scope),
                Text("name"), Number("kind"), Number("size"), Number("modified_at"), Number("changed_at"), Number("sidecar_at"), Number("added_at"), Number("status"), Number("attempts"),
                Number("claims"), Number("not_before"), Bytes("sha256"), Number("width"), Number("height"), Number("colour"), Number("captured_at"), Flag("thumbnail"),
            ],
            [Number("a.task_group_id - a.library_id")]),
        new(
            "asset_details",
            [
                new("asset_id", ColumnKind.Asset), Bytes("md5"), Text("format"), Number("orientation"), Number("frames"), Bytes("perceptual_hash"), Number("captured_at"),
                Text("camera_make"), Text("camera_model"), Text("lens"), Real("exposure_seconds"), Real("f_number"), Number("iso"), Real("focal_length_millimetres"),
                Real("latitude"), Real("longitude"), Real("altitude_metres"), Text("title"), Text("description"), Text("keywords"), Number("rating"), Text("creator"),
                Text("copyright"), Text("warning"), Number("captured_offset"),
            ],
            []),
        new(
            "asset_tags",
            [new("asset_id", ColumnKind.Asset), new("tag_id", ColumnKind.Tag), Number("source")],
            [Text("t.folded")],
            "JOIN tags t ON t.id = x.tag_id"),
        new(
            "failures",
            [
                new("asset_id", ColumnKind.Asset), new("library_id", ColumnKind.Scope), Number("stage"), Text("reason"), Text("class"), Number("attempts"),
                Number("failed_at"),
            ],
            []),
        new(
            "embeddings",
            [new("space_id", ColumnKind.Space), new("asset_id", ColumnKind.Asset), Bytes("vector")],
            [Text("s.name"), Number("s.dimensions")],
            "JOIN embedding_spaces s ON s.id = x.space_id"),
    ];

    /// <summary>What belongs to the library itself and comes in the last transaction, which makes it visible.</summary>
    public static IReadOnlyList<ComparedRows> OfLibrary { get; } =
    [
        new(
            "libraries",
            [
                Text("name"), Text("path"), Flag("include_hidden"), Flag("paused"), Number("created_at"), Number("offline_since"), Text("offline_reason"), Text("device"),
                Number("settled_to - @assetShift"), Number("missing"),
            ],
            "FROM libraries WHERE id = @library"),
        new(
            "task_groups",
            [Number("id - library_id"), Number("created_at"), Flag("scanning"), Flag("cancelled"), Flag("retry")],
            "FROM task_groups WHERE library_id = @library"),
        new("folders", [Text("path"), Flag("sidecars")], "FROM folders WHERE library_id = @library"),
        new("skipped", [Text("path"), Text("reason")], "FROM skipped WHERE library_id = @library"),
        new("job_runs", [Text(JobRows.KindSql), Number("started_at"), .. JobRows.Facts], $"FROM job_runs r WHERE {JobRows.OfLibrarySql}"),
        new(
            "job_lines",
            [Text(JobRows.KindSql), Number("r.started_at"), Number("x.place"), Number("x.at"), Number("x.level"), Text("x.text")],
            $"FROM job_runs r JOIN job_lines x ON x.run_id = r.id WHERE {JobRows.OfLibrarySql}"),
    ];

    /// <summary>What goes over in another form, and what stays behind, with the reason.</summary>
    public static IReadOnlyDictionary<string, string> Others { get; } = new Dictionary<string, string>
    {
        ["progress"] = "counted anew from the rows that arrived, with the versions of the source",
        ["tags"] = "those that the library's assets have; a tag that the target knows already keeps its spelling and category there",
        ["embedding_spaces"] = "those that the library's vectors lie in, found by name",
        ["asset_ids"] = "the target hands ids out by a sequence",
        ["workers"] = "they are processes, and hold claims, which are not carried",
    };
}
