using System.Data.Common;
using Vitrine.Storage;

namespace Vitrine.Transfer;

/// <summary>
/// Where the target searches vectors itself (docs/decisions/0011), its triggers pass over vectors that arrive before their library: a table is
/// made for them, and a server copies them into it, as it does with those from before the extension.
/// </summary>
internal static class ArrivedVectors
{
    /// <summary>To be called last in the transaction that makes the library visible: it holds up others who make such tables.</summary>
    public static void Announce(DbConnection target, long libraryId, DateTimeOffset now)
    {
        if (target.QueryNumber("SELECT CASE WHEN to_regclass('vector_tables') IS NULL THEN 0 ELSE 1 END") == 0)
            return; // the first server that starts makes all of them
        target.Execute(
            """
            SELECT vitrine_add_vectors(s.id, @library, TRUE) FROM embedding_spaces s
            WHERE EXISTS (SELECT 1 FROM embeddings e JOIN assets a ON a.id = e.asset_id WHERE a.library_id = @library AND e.space_id = s.id)
            """,
            ("@library", libraryId));
        // A server that runs takes a queued job up within seconds, any other when it starts.
        target.Execute(
            """
            INSERT INTO job_runs (name, traits, status, started_at) SELECT 'prepare-vectors', 3, 'queued', @now
            WHERE NOT EXISTS (SELECT 1 FROM job_runs WHERE name = 'prepare-vectors' AND status = 'queued')
            """,
            ("@now", now.ToStored()));
    }
}
