using Npgsql;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>
/// Tags and embedding spaces, which all libraries share: those that the target lacks are made there, the others are found by name, and
/// their ids are remembered.
/// </summary>
internal sealed class NamedIds(TransferSource source)
{
    private const string TagsSql =
        """
        SELECT DISTINCT t.id, t.folded, t.name, t.category
        FROM assets a CROSS JOIN asset_tags x ON x.asset_id = a.id CROSS JOIN tags t ON t.id = x.tag_id
        WHERE a.library_id = @library AND a.id > @from AND a.id <= @to
        """;

    private const string SpacesSql =
        """
        SELECT s.id, s.name, s.dimensions FROM embedding_spaces s
        WHERE s.id IN (
            SELECT x.space_id FROM assets a CROSS JOIN embeddings x ON x.asset_id = a.id
            WHERE a.library_id = @library AND a.id > @from AND a.id <= @to)
        """;

    private readonly Dictionary<long, long> _tags = [];
    private readonly Dictionary<long, long> _spaces = [];

    public long Tag(long id) => _tags[id];

    public long Space(long id) => _spaces[id];

    /// <summary>Finds or makes what the next assets need, in the transaction that brings them.</summary>
    /// <exception cref="TransferRefusedException">A space of the target has the same name and other dimensions.</exception>
    public void Learn(NpgsqlConnection target, TransferEntry entry, long to)
    {
        LearnTags(target, entry, to);
        LearnSpaces(target, entry, to);
    }

    /// <summary>After a transaction that was rolled back: what was made in it is not there.</summary>
    public void Forget()
    {
        _tags.Clear();
        _spaces.Clear();
    }

    private void LearnTags(NpgsqlConnection target, TransferEntry entry, long to)
    {
        var tags = source.Read(connection => connection.Query(
                TagsSql,
                row => (Id: row.GetInt64(0), Folded: TransferValue.Clean(row.GetString(1)), Name: TransferValue.Clean(row.GetString(2)), Category: row.GetString(3)),
                ("@library", entry.SourceId), ("@from", entry.CopiedTo), ("@to", to)))
            .Where(tag => !_tags.ContainsKey(tag.Id))
            .OrderBy(tag => tag.Folded, StringComparer.Ordinal) // as every other process takes them, so that none waits in a circle
            .ToList();
        if (tags.Count == 0)
            return;
        var folded = tags.ConvertAll(tag => tag.Folded).ToArray();
        target.Execute(
            """
            INSERT INTO tags (folded, name, category) SELECT * FROM unnest(@folded, @names, @categories) ON CONFLICT (folded) DO NOTHING
            """,
            ("@folded", folded), ("@names", tags.ConvertAll(tag => tag.Name).ToArray()), ("@categories", tags.ConvertAll(tag => tag.Category).ToArray()));
        var ids = target.Query("SELECT folded, id FROM tags WHERE folded = ANY(@folded)", row => (row.GetString(0), row.GetInt64(1)), ("@folded", folded))
            .ToDictionary(StringComparer.Ordinal);
        foreach (var tag in tags)
            _tags.Add(tag.Id, ids[tag.Folded]);
    }

    private void LearnSpaces(NpgsqlConnection target, TransferEntry entry, long to)
    {
        var spaces = source.Read(connection => connection.Query(
            SpacesSql,
            row => (Id: row.GetInt64(0), Name: row.GetString(1), Dimensions: row.GetInt64(2)),
            ("@library", entry.SourceId), ("@from", entry.CopiedTo), ("@to", to)));
        foreach (var (id, name, dimensions) in spaces.Where(space => !_spaces.ContainsKey(space.Id)))
        {
            target.Execute(
                "INSERT INTO embedding_spaces (name, dimensions) VALUES (@name, @dimensions) ON CONFLICT (name) DO NOTHING",
                ("@name", name), ("@dimensions", dimensions));
            var (found, foundDimensions) = target.QueryFirstOrDefault(
                "SELECT id, dimensions FROM embedding_spaces WHERE name = @name", row => (row.GetInt64(0), row.GetInt64(1)), ("@name", name));
            if (foundDimensions != dimensions)
            {
                throw new TransferRefusedException(
                    $"The vectors of '{name}' have {dimensions} dimensions here and {foundDimensions} in the target. They come from different programs: update both, and have one of them embed again.");
            }

            _spaces.Add(id, found);
        }
    }
}
