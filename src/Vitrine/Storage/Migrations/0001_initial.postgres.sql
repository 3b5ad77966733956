-- The twin of 0001_initial.sqlite.sql: the same tables, columns and meanings, except where a comment says why not.
-- Text compares by bytes, as it does there. Times are microseconds since 1970 UTC. Status: 0 pending, 1 indexed, 2 embedding, 3 ready, 4 failed.

-- Counters per library and task group, which both take their ids here, so that /api/progress/{id} takes either. Several processes
-- count at the same time: each on rows of its own part, so that none waits for the commit of another; the view adds them up.
CREATE TABLE progress_scopes (id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY);

CREATE TABLE progress_parts (
    id          BIGINT NOT NULL REFERENCES progress_scopes (id) ON DELETE CASCADE,
    part        BIGINT NOT NULL,
    pending     BIGINT NOT NULL,
    indexed     BIGINT NOT NULL,
    embedding   BIGINT NOT NULL,
    ready       BIGINT NOT NULL,
    failed      BIGINT NOT NULL,
    version     BIGINT NOT NULL,
    updated_at  BIGINT NOT NULL,
    PRIMARY KEY (id, part)
) WITH (fillfactor = 50);

CREATE VIEW progress AS
    SELECT id, SUM(pending)::BIGINT AS pending, SUM(indexed)::BIGINT AS indexed, SUM(embedding)::BIGINT AS embedding,
        SUM(ready)::BIGINT AS ready, SUM(failed)::BIGINT AS failed, SUM(version)::BIGINT AS version, MAX(updated_at) AS updated_at
    FROM progress_parts GROUP BY id;

CREATE TABLE libraries (
    id              BIGINT PRIMARY KEY REFERENCES progress_scopes (id),
    name            TEXT COLLATE "C" NOT NULL,
    path            TEXT COLLATE "C" NOT NULL UNIQUE,
    include_hidden  BOOLEAN NOT NULL,
    paused          BOOLEAN NOT NULL DEFAULT FALSE,
    created_at      BIGINT NOT NULL,
    offline_since   BIGINT,                    -- null while the root is there
    offline_reason  TEXT,
    device          TEXT,                       -- what the root lies on, where the system tells; see RootDevice
    settled_to      BIGINT NOT NULL DEFAULT 0, -- assets from this id on arrived after the last scan that settled what vanished
    missing         BIGINT NOT NULL DEFAULT 0  -- files that are gone and wait for a person to confirm their removal
);

CREATE TABLE task_groups (
    id          BIGINT PRIMARY KEY REFERENCES progress_scopes (id),
    library_id  BIGINT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    scanning    BOOLEAN NOT NULL,
    cancelled   BOOLEAN NOT NULL DEFAULT FALSE,
    retry       BOOLEAN NOT NULL DEFAULT FALSE, -- 1 for what a person retried one by one
    created_at  BIGINT NOT NULL
);
CREATE INDEX task_groups_by_library ON task_groups (library_id);

CREATE TABLE folders (
    id          BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY, -- never used twice: rows of a forgotten library may still name it
    library_id  BIGINT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    path        TEXT COLLATE "C" NOT NULL, -- relative to the root, with '/', '' for the root itself
    sidecars    BOOLEAN NOT NULL DEFAULT FALSE, -- 1 when the last scan met any: their pictures are compared only where there are some
    UNIQUE (library_id, path)
);

CREATE TABLE assets (
    id             BIGINT PRIMARY KEY,
    library_id     BIGINT NOT NULL,
    folder_id      BIGINT NOT NULL,
    task_group_id  BIGINT NOT NULL,
    name           TEXT COLLATE "C" NOT NULL,
    kind           BIGINT NOT NULL, -- 0 image, 1 model
    size           BIGINT NOT NULL,
    modified_at    BIGINT NOT NULL,
    sidecar_at     BIGINT NOT NULL DEFAULT 0, -- when its sidecar was modified; 0 for none
    added_at       BIGINT NOT NULL,
    status         BIGINT NOT NULL,
    attempts       BIGINT NOT NULL DEFAULT 0, -- of the current stage, counted at the claim
    claim_owner    BIGINT,                    -- a worker; its lease is on its own row
    claims         BIGINT NOT NULL DEFAULT 0, -- made ever: the number of a claim fences its completion
    not_before     BIGINT NOT NULL DEFAULT 0, -- back-off of a retry
    sha256         BYTEA,
    width          BIGINT,
    height         BIGINT,
    colour         BIGINT,                    -- 0xRRGGBB
    captured_at    BIGINT,
    thumbnail      BOOLEAN NOT NULL DEFAULT FALSE  -- 1 when one was made
);
CREATE UNIQUE INDEX assets_by_place ON assets (folder_id, name);
CREATE INDEX assets_by_library ON assets (library_id);
-- What a claim looks at: only rows that wait, group by group in order of arrival. Not 'status < 3': SQLite would seek by that
-- instead of by the status asked for, and sort a million rows at every claim. 'id + 0': see ClaimStore.ClaimGroupSql.
CREATE INDEX assets_waiting ON assets (task_group_id, status, (id + 0)) WHERE claim_owner IS NULL AND status <> 3 AND status <> 4;
CREATE INDEX assets_claimed ON assets (claim_owner) WHERE claim_owner IS NOT NULL;
CREATE INDEX assets_held_back ON assets (not_before) WHERE not_before > 0;
CREATE INDEX assets_by_content ON assets (sha256) WHERE sha256 IS NOT NULL;

-- Asset ids are handed out a thousand at a time: ids only grow within a scan and are never used twice, so that caches may trust them.
CREATE SEQUENCE asset_id_blocks;

CREATE TABLE asset_details (
    asset_id                  BIGINT PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
    md5                       BYTEA NOT NULL,
    format                    TEXT,
    orientation               BIGINT,
    frames                    BIGINT,
    perceptual_hash           BYTEA,
    captured_at               BIGINT,
    camera_make               TEXT,
    camera_model              TEXT,
    lens                      TEXT,
    exposure_seconds          DOUBLE PRECISION,
    f_number                  DOUBLE PRECISION,
    iso                       BIGINT,
    focal_length_millimetres  DOUBLE PRECISION,
    latitude                  DOUBLE PRECISION,
    longitude                 DOUBLE PRECISION,
    altitude_metres           DOUBLE PRECISION,
    title                     TEXT,
    description               TEXT,
    keywords                  TEXT, -- a JSON array of strings
    rating                    BIGINT,
    creator                   TEXT,
    copyright                 TEXT
);

-- How many assets have a tag is kept by the triggers below, whoever adds or removes and whatever goes with an asset that goes.
CREATE TABLE tags (
    id        BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    folded    TEXT COLLATE "C" NOT NULL UNIQUE, -- the name in lower case: two names that differ in case are one tag
    name      TEXT COLLATE "C" NOT NULL,        -- as it was written first
    category  TEXT COLLATE "C" NOT NULL DEFAULT 'general',
    assets    BIGINT NOT NULL DEFAULT 0 -- distinct
);

CREATE TABLE asset_tags (
    asset_id  BIGINT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    tag_id    BIGINT NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    source    BIGINT NOT NULL, -- 0 user, 1 file
    PRIMARY KEY (asset_id, tag_id, source)
);
CREATE INDEX asset_tags_by_tag ON asset_tags (tag_id, asset_id);

-- Per statement, not per row as in SQLite: here a row's trigger runs when all rows of its statement are done, and a tag that an asset
-- had from two sources would be counted off twice when the asset goes. The tags are locked in the order of their ids, so that processes
-- that count the same ones wait for each other in a row and not in a circle.
CREATE FUNCTION count_tags_that_came() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM tags WHERE id IN (SELECT tag_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE tags t SET assets = t.assets + came.assets
    FROM (
        SELECT n.tag_id, COUNT(DISTINCT n.asset_id) AS assets FROM changed n
        WHERE NOT EXISTS (
            SELECT 1 FROM asset_tags x WHERE x.asset_id = n.asset_id AND x.tag_id = n.tag_id
                AND NOT EXISTS (SELECT 1 FROM changed c WHERE c.asset_id = x.asset_id AND c.tag_id = x.tag_id AND c.source = x.source))
        GROUP BY n.tag_id) came
    WHERE t.id = came.tag_id;
    RETURN NULL;
END
$$;

CREATE FUNCTION count_tags_that_went() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM 1 FROM tags WHERE id IN (SELECT tag_id FROM changed) ORDER BY id FOR NO KEY UPDATE;
    UPDATE tags t SET assets = t.assets - went.assets
    FROM (
        SELECT o.tag_id, COUNT(DISTINCT o.asset_id) AS assets FROM changed o
        WHERE NOT EXISTS (SELECT 1 FROM asset_tags x WHERE x.asset_id = o.asset_id AND x.tag_id = o.tag_id)
        GROUP BY o.tag_id) went
    WHERE t.id = went.tag_id;
    RETURN NULL;
END
$$;

CREATE TRIGGER asset_tags_came AFTER INSERT ON asset_tags REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_tags_that_came();
CREATE TRIGGER asset_tags_went AFTER DELETE ON asset_tags REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION count_tags_that_went();

CREATE TABLE failures (
    asset_id      BIGINT PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
    library_id    BIGINT NOT NULL,
    stage         BIGINT NOT NULL, -- 0 metadata, 1 embedding
    reason        TEXT COLLATE "C" NOT NULL,
    reason_group  TEXT COLLATE "C" NOT NULL, -- the reason without what differs from file to file
    attempts      BIGINT NOT NULL,
    failed_at     BIGINT NOT NULL
);
CREATE INDEX failures_by_library ON failures (library_id, asset_id);
CREATE INDEX failures_by_reason ON failures (library_id, reason_group, asset_id);

-- What a scan met and did not take in: unreadable folders, links out of the root, names that are not UTF-8.
CREATE TABLE skipped (
    library_id  BIGINT NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    path        TEXT COLLATE "C" NOT NULL,
    reason      TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (library_id, path)
);

CREATE TABLE embedding_spaces (
    id          BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name        TEXT COLLATE "C" NOT NULL UNIQUE,
    dimensions  BIGINT NOT NULL
);

CREATE TABLE embeddings (
    space_id  BIGINT NOT NULL REFERENCES embedding_spaces (id),
    asset_id  BIGINT NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    vector    BYTEA    NOT NULL, -- little-endian half floats, unit length
    PRIMARY KEY (asset_id, space_id)
);

-- A process that works. Its claims hold while its lease does; heartbeats extend it.
CREATE TABLE workers (
    id           BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    host         TEXT COLLATE "C" NOT NULL,
    process_id   BIGINT NOT NULL,
    stages       BIGINT NOT NULL DEFAULT 3, -- claimed for: 1 metadata, 2 embedding
    rate         DOUBLE PRECISION NOT NULL DEFAULT 0, -- assets settled per second, between its last two heartbeats
    started_at   BIGINT NOT NULL,
    heartbeat_at BIGINT NOT NULL DEFAULT 0,
    lease_until  BIGINT NOT NULL
);

-- Runs of named jobs; the last 20 of each name are kept.
CREATE TABLE job_runs (
    id               BIGINT  GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name             TEXT COLLATE "C" NOT NULL,
    traits           BIGINT NOT NULL, -- 1 can be paused, 2 goes on after a restart
    status           TEXT COLLATE "C" NOT NULL, -- queued, running, completed, failed, cancelled
    owner            BIGINT,                    -- the worker that runs it
    paused           BOOLEAN NOT NULL DEFAULT FALSE,
    message          TEXT,
    fraction         DOUBLE PRECISION,             -- done, 0 to 1
    result           TEXT,
    error            TEXT,
    stack            TEXT,
    started_at       BIGINT NOT NULL,
    cancel_asked_at  BIGINT,
    finished_at      BIGINT
);
CREATE INDEX job_runs_by_name ON job_runs (name, id);
-- One run of a name at a time, whoever asks.
CREATE UNIQUE INDEX job_runs_running ON job_runs (name) WHERE status = 'running';

-- The last log lines of each run.
CREATE TABLE job_lines (
    run_id  BIGINT NOT NULL REFERENCES job_runs (id) ON DELETE CASCADE,
    place   BIGINT NOT NULL,
    at      BIGINT NOT NULL,
    level   BIGINT NOT NULL, -- as Microsoft.Extensions.Logging.LogLevel
    text    TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (run_id, place)
);

-- Only here: libraries on their way from the embedded database of some data folder ('vitrine migrate'), and those that came so. The assets
-- of an unfinished one are in their tables and belong to no library yet. Path, created_at and source_id are those of the library there.
CREATE TABLE transfers (
    library_id      BIGINT PRIMARY KEY REFERENCES progress_scopes (id) ON DELETE CASCADE, -- the id it has here, or will have
    path            TEXT COLLATE "C" NOT NULL,
    created_at      BIGINT NOT NULL,
    source_id       BIGINT NOT NULL,
    source_version  BIGINT NOT NULL, -- of its counters when the move began: another one means that it has changed there since
    folder_shift    BIGINT NOT NULL, -- new id less old id
    asset_shift     BIGINT NOT NULL,
    copied_to       BIGINT NOT NULL DEFAULT 0, -- the last asset that is here, by its id there
    assets          BIGINT NOT NULL DEFAULT 0, -- that are here
    differs         BOOLEAN NOT NULL DEFAULT FALSE, -- the check has found differences: the next run starts over
    started_at      BIGINT NOT NULL,
    finished_at     BIGINT,          -- null until it is complete, checked and visible
    UNIQUE (path, created_at, source_id)
);
