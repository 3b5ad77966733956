using System.Data.Common;
using Npgsql;
using NpgsqlTypes;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>Copies some assets of a library and all that belongs to them, by <c>COPY</c> from the reader's rows: none are gathered in memory.</summary>
internal sealed class AssetBatch(TransferSource source, NamedIds names, TransferEntry entry, NpgsqlConnection target)
{
    /// <summary>To be called in the transaction that notes how far the move is.</summary>
    /// <param name="to">The last asset's id in the source.</param>
    public void Copy(long to, CancellationToken cancellationToken)
    {
        names.Learn(target, entry, to);
        foreach (var table in TransferTables.OfAssets)
        {
            source.Read(connection =>
            {
                using var command = connection.CreateCommand();
                command.CommandText = table.ReadSql;
                command.Set("@library", entry.SourceId).Set("@from", entry.CopiedTo).Set("@to", to);
                using var reader = command.ExecuteReader();
                Copy(table, reader, cancellationToken);
                return true;
            });
        }
    }

    private void Copy(AssetTable table, DbDataReader reader, CancellationToken cancellationToken)
    {
        using var copy = target.BeginBinaryImport(table.CopySql);
        while (reader.Read())
        {
            cancellationToken.ThrowIfCancellationRequested();
            copy.StartRow();
            for (var place = 0; place < table.Columns.Count; place++)
                Write(copy, reader, place, table.Columns[place].Kind);
        }

        copy.Complete();
    }

    private void Write(NpgsqlBinaryImporter copy, DbDataReader reader, int place, ColumnKind kind)
    {
        if (reader.IsDBNull(place))
        {
            copy.WriteNull();
            return;
        }

        switch (kind)
        {
            case ColumnKind.Flag:
                copy.Write(reader.GetBoolean(place), NpgsqlDbType.Boolean);
                break;
            case ColumnKind.Real:
                copy.Write(reader.GetDouble(place), NpgsqlDbType.Double);
                break;
            case ColumnKind.Text:
                copy.Write(TransferValue.Clean(reader.GetString(place)), NpgsqlDbType.Text);
                break;
            case ColumnKind.Bytes:
                copy.Write(reader.GetFieldValue<byte[]>(place), NpgsqlDbType.Bytea);
                break;
            default:
                copy.Write(NewId(reader.GetInt64(place), kind), NpgsqlDbType.Bigint);
                break;
        }
    }

    private long NewId(long id, ColumnKind kind) => kind switch
    {
        ColumnKind.Number => id,
        ColumnKind.Asset => id + entry.AssetShift,
        ColumnKind.Folder => id + entry.FolderShift,
        ColumnKind.Scope => id + entry.ScopeShift,
        ColumnKind.Tag => names.Tag(id),
        ColumnKind.Space => names.Space(id),
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a number."),
    };
}
