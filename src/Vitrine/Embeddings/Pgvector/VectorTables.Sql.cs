namespace Vitrine.Embeddings.Pgvector;

internal sealed partial class VectorTables
{
    /// <summary>
    /// Tables and triggers, made once; may run at any time, in several processes at once, and against writers. All of it is one transaction.
    /// <code>
    ///   embeddings ──insert, update, delete──► vectors_SPACE_LIBRARY (asset_id, vector halfvec) with an HNSW index
    ///   assets     ──delete────────────────────────┘
    ///   vector_tables: which of them there are, and up to which asset earlier vectors were copied into them
    /// </code>
    /// A forgotten library's table is emptied as its assets are swept, and goes at the next start: dropping it would wait for who uses it.
    /// </summary>
    private const string PrepareSql =
        """
        SELECT pg_advisory_xact_lock(8487465);

        CREATE TABLE IF NOT EXISTS vector_tables (
            space_id   BIGINT NOT NULL,
            library_id BIGINT NOT NULL,
            copied_to  BIGINT,                    -- the asset up to which earlier vectors were copied; null when all were
            copied     BIGINT NOT NULL DEFAULT 0, -- how many were
            PRIMARY KEY (space_id, library_id)
        );

        -- From little-endian halves: sign, 5 bits of exponent, 10 of mantissa. Every step is exact.
        CREATE OR REPLACE FUNCTION vitrine_halfvec(encoded BYTEA) RETURNS halfvec LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
            SELECT array_agg(
                CASE WHEN bits & 32768 = 0 THEN 1 ELSE -1 END
                * CASE WHEN (bits >> 10) & 31 = 0 THEN (bits & 1023) / 16777216.0::float8
                       ELSE ((bits & 1023) + 1024) * (1 << ((bits >> 10) & 31))::float8 / 33554432.0::float8 END
                ORDER BY place)::halfvec
            FROM (SELECT place, get_byte(encoded, 2 * place) | (get_byte(encoded, 2 * place + 1) << 8) AS bits
                  FROM generate_series(0, length(encoded) / 2 - 1) AS place) AS halves
        $$;

        -- A new table takes its index along: it grows with each vector. What is copied into one gets its index afterwards, which is faster.
        CREATE OR REPLACE FUNCTION vitrine_add_vectors(space BIGINT, library BIGINT, copies BOOLEAN) RETURNS void LANGUAGE plpgsql AS $$
        BEGIN
            PERFORM pg_advisory_xact_lock(8487465);
            IF EXISTS (SELECT 1 FROM vector_tables WHERE space_id = space AND library_id = library) THEN RETURN; END IF;
            EXECUTE format('CREATE TABLE vectors_%s_%s (asset_id BIGINT PRIMARY KEY, vector halfvec(%s) NOT NULL)',
                space, library, (SELECT dimensions FROM embedding_spaces WHERE id = space));
            IF NOT copies THEN
                EXECUTE format('CREATE INDEX vectors_%1$s_%2$s_hnsw ON vectors_%1$s_%2$s USING hnsw (vector halfvec_cosine_ops)', space, library);
            END IF;
            INSERT INTO vector_tables (space_id, library_id, copied_to) VALUES (space, library, CASE WHEN copies THEN 0 END);
        END $$;

        CREATE OR REPLACE FUNCTION vitrine_follow_embeddings() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE
            space   BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.space_id ELSE NEW.space_id END;
            asset   BIGINT := CASE WHEN TG_OP = 'DELETE' THEN OLD.asset_id ELSE NEW.asset_id END;
            library BIGINT := (SELECT library_id FROM assets WHERE id = asset); -- null when it is the asset that goes
        BEGIN
            IF NOT EXISTS (SELECT 1 FROM vector_tables WHERE space_id = space AND library_id = library) THEN
                -- Assets of a library that was forgotten may be worked on to their end.
                PERFORM 1 FROM libraries WHERE id = library FOR KEY SHARE;
                IF TG_OP = 'DELETE' OR NOT FOUND THEN RETURN NULL; END IF;
                PERFORM vitrine_add_vectors(space, library, FALSE);
            END IF;
            IF TG_OP = 'DELETE' THEN
                EXECUTE format('DELETE FROM vectors_%s_%s WHERE asset_id = $1', space, library) USING asset;
            ELSE
                EXECUTE format('INSERT INTO vectors_%s_%s (asset_id, vector) VALUES ($1, vitrine_halfvec($2))
                    ON CONFLICT (asset_id) DO UPDATE SET vector = excluded.vector', space, library) USING asset, NEW.vector;
            END IF;
            RETURN NULL;
        END $$;

        CREATE OR REPLACE FUNCTION vitrine_follow_assets() RETURNS trigger LANGUAGE plpgsql AS $$
        DECLARE held RECORD;
        BEGIN
            FOR held IN SELECT space_id, library_id FROM vector_tables WHERE library_id IN (SELECT library_id FROM gone) LOOP
                EXECUTE format('DELETE FROM vectors_%s_%s WHERE asset_id IN (SELECT id FROM gone)', held.space_id, held.library_id);
            END LOOP;
            RETURN NULL;
        END $$;

        DO $$
        DECLARE held RECORD;
        BEGIN
            FOR held IN SELECT space_id, library_id FROM vector_tables t WHERE NOT EXISTS (SELECT 1 FROM libraries WHERE id = t.library_id) LOOP
                EXECUTE format('DROP TABLE IF EXISTS vectors_%s_%s', held.space_id, held.library_id);
                DELETE FROM vector_tables WHERE space_id = held.space_id AND library_id = held.library_id;
            END LOOP;
            IF EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'vectors_follow' AND tgrelid = 'embeddings'::regclass) THEN RETURN; END IF;
            -- What is committed before is copied, what comes after is followed, and nothing is in between.
            LOCK TABLE assets, embeddings IN SHARE ROW EXCLUSIVE MODE;
            PERFORM vitrine_add_vectors(s.id, l.id, TRUE) FROM embedding_spaces s, libraries l
                WHERE EXISTS (SELECT 1 FROM embeddings e JOIN assets a ON a.id = e.asset_id WHERE a.library_id = l.id AND e.space_id = s.id);
            CREATE TRIGGER vectors_follow AFTER INSERT OR UPDATE OR DELETE ON embeddings
                FOR EACH ROW EXECUTE FUNCTION vitrine_follow_embeddings();
            CREATE TRIGGER vectors_follow AFTER DELETE ON assets
                REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION vitrine_follow_assets();
        END $$;
        """;

    /// <summary>
    /// When the extension was dropped, the columns went with it, and the triggers would refuse every vector. While the extension is there this
    /// does nothing, whatever the process that runs it can use.
    /// </summary>
    private const string TakeAwaySql =
        """
        DO $$
        DECLARE held RECORD;
        BEGIN
            PERFORM pg_advisory_xact_lock(8487465);
            IF to_regclass('vector_tables') IS NULL OR EXISTS (SELECT 1 FROM pg_extension WHERE extname = 'vector') THEN RETURN; END IF;
            DROP TRIGGER IF EXISTS vectors_follow ON embeddings;
            DROP TRIGGER IF EXISTS vectors_follow ON assets;
            FOR held IN SELECT space_id, library_id FROM vector_tables LOOP
                EXECUTE format('DROP TABLE IF EXISTS vectors_%s_%s', held.space_id, held.library_id);
            END LOOP;
            DROP TABLE vector_tables;
        END $$
        """;

    /// <summary>0 when triggers are missing, tables wait for their copy, or some are of forgotten libraries.</summary>
    private const string AreCompleteSql =
        """
        SELECT CASE WHEN EXISTS (SELECT 1 FROM pg_trigger WHERE tgname = 'vectors_follow' AND tgrelid = 'embeddings'::regclass)
            AND NOT EXISTS (SELECT 1 FROM vector_tables WHERE copied_to IS NOT NULL OR library_id NOT IN (SELECT id FROM libraries))
            THEN 1 ELSE 0 END
        """;

    /// <summary>
    /// Locks nothing: a vector that is replaced meanwhile comes by the trigger, before, which is left as it is, or after. One that is taken
    /// away meanwhile may be copied all the same, and goes with <see cref="SweepSql"/>.
    /// </summary>
    private static string CopySql(string table) =>
        $"""
        WITH slice AS (
            SELECT e.asset_id, e.vector FROM embeddings e JOIN assets a ON a.id = e.asset_id
            WHERE e.space_id = @space AND a.library_id = @library AND e.asset_id > @after ORDER BY e.asset_id LIMIT @rows),
        copied AS (
            INSERT INTO {table} (asset_id, vector) SELECT asset_id, vitrine_halfvec(vector) FROM slice ON CONFLICT (asset_id) DO NOTHING)
        SELECT COUNT(*), COALESCE(MAX(asset_id), @after) FROM slice
        """;

    private static string SweepSql(PendingVectors pending) =>
        $"DELETE FROM {pending.Table} v WHERE NOT EXISTS (SELECT 1 FROM embeddings e WHERE e.asset_id = v.asset_id AND e.space_id = {pending.SpaceId})";
}
