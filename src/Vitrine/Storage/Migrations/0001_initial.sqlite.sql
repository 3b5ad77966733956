-- Times are microseconds since 1970 UTC. Status: 0 pending, 1 indexed, 2 embedding, 3 ready, 4 failed.

-- One row of counters per library and per task group. Both take their ids here, so that /api/progress/{id} takes either.
CREATE TABLE progress (
    id          INTEGER PRIMARY KEY AUTOINCREMENT,
    pending     INTEGER NOT NULL DEFAULT 0,
    indexed     INTEGER NOT NULL DEFAULT 0,
    embedding   INTEGER NOT NULL DEFAULT 0,
    ready       INTEGER NOT NULL DEFAULT 0,
    failed      INTEGER NOT NULL DEFAULT 0,
    version     INTEGER NOT NULL DEFAULT 0,
    updated_at  INTEGER NOT NULL
);

CREATE TABLE libraries (
    id              INTEGER PRIMARY KEY REFERENCES progress (id),
    name            TEXT    NOT NULL,
    path            TEXT    NOT NULL UNIQUE,
    include_hidden  INTEGER NOT NULL,
    paused          INTEGER NOT NULL DEFAULT 0,
    created_at      INTEGER NOT NULL,
    offline_since   INTEGER,                    -- null while the root is there
    offline_reason  TEXT,
    device          TEXT,                       -- what the root lies on, where the system tells; see RootDevice
    settled_to      INTEGER NOT NULL DEFAULT 0, -- assets from this id on arrived after the last scan that settled what vanished
    missing         INTEGER NOT NULL DEFAULT 0  -- files that are gone and wait for a person to confirm their removal
);

CREATE TABLE task_groups (
    id          INTEGER PRIMARY KEY REFERENCES progress (id),
    library_id  INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    scanning    INTEGER NOT NULL,
    cancelled   INTEGER NOT NULL DEFAULT 0,
    retry       INTEGER NOT NULL DEFAULT 0, -- 1 for what a person retried one by one
    created_at  INTEGER NOT NULL
);
CREATE INDEX task_groups_by_library ON task_groups (library_id);
-- Where work is: a claim looks at the few that have some, not at every group there ever was.
CREATE INDEX progress_unfinished ON progress (id) WHERE pending + indexed + embedding > 0;

CREATE TABLE folders (
    id          INTEGER PRIMARY KEY AUTOINCREMENT, -- never used twice: rows of a forgotten library may still name it
    library_id  INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    path        TEXT    NOT NULL, -- relative to the root, with '/', '' for the root itself
    sidecars    INTEGER NOT NULL DEFAULT 0, -- 1 when the last scan met any: their pictures are compared only where there are some
    UNIQUE (library_id, path)
);

CREATE TABLE assets (
    id             INTEGER PRIMARY KEY,
    library_id     INTEGER NOT NULL,
    folder_id      INTEGER NOT NULL,
    task_group_id  INTEGER NOT NULL,
    name           TEXT    NOT NULL,
    kind           INTEGER NOT NULL, -- 0 image, 1 model
    size           INTEGER NOT NULL,
    modified_at    INTEGER NOT NULL,
    sidecar_at     INTEGER NOT NULL DEFAULT 0, -- when its sidecar was modified; 0 for none
    added_at       INTEGER NOT NULL,
    status         INTEGER NOT NULL,
    attempts       INTEGER NOT NULL DEFAULT 0, -- of the current stage, counted at the claim
    claim_owner    INTEGER,                    -- a worker; its lease is on its own row
    claims         INTEGER NOT NULL DEFAULT 0, -- made ever: the number of a claim fences its completion
    not_before     INTEGER NOT NULL DEFAULT 0, -- back-off of a retry
    sha256         BLOB,
    width          INTEGER,
    height         INTEGER,
    colour         INTEGER,                    -- 0xRRGGBB
    captured_at    INTEGER,
    thumbnail      INTEGER NOT NULL DEFAULT 0  -- 1 when one was made
);
CREATE UNIQUE INDEX assets_by_place ON assets (folder_id, name);
CREATE INDEX assets_by_library ON assets (library_id);
-- What a claim looks at: only rows that wait, group by group in order of arrival. Not 'status < 3': SQLite would seek by that
-- instead of by the status asked for, and sort a million rows at every claim.
CREATE INDEX assets_waiting ON assets (task_group_id, status, id) WHERE claim_owner IS NULL AND status <> 3 AND status <> 4;
CREATE INDEX assets_claimed ON assets (claim_owner) WHERE claim_owner IS NOT NULL;
CREATE INDEX assets_held_back ON assets (not_before) WHERE not_before > 0;
CREATE INDEX assets_by_content ON assets (sha256) WHERE sha256 IS NOT NULL;

-- The next asset id: ids only grow and are never used twice, so that caches may trust them.
CREATE TABLE asset_ids (next INTEGER NOT NULL);
INSERT INTO asset_ids (next) VALUES (1);

CREATE TABLE asset_details (
    asset_id                  INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
    md5                       BLOB NOT NULL,
    format                    TEXT,
    orientation               INTEGER,
    frames                    INTEGER,
    perceptual_hash           BLOB,
    captured_at               INTEGER,
    camera_make               TEXT,
    camera_model              TEXT,
    lens                      TEXT,
    exposure_seconds          REAL,
    f_number                  REAL,
    iso                       INTEGER,
    focal_length_millimetres  REAL,
    latitude                  REAL,
    longitude                 REAL,
    altitude_metres           REAL,
    title                     TEXT,
    description               TEXT,
    keywords                  TEXT, -- a JSON array of strings
    rating                    INTEGER,
    creator                   TEXT,
    copyright                 TEXT
);

-- How many assets have a tag is kept by the triggers below, whoever adds or removes and whatever goes with an asset that goes.
CREATE TABLE tags (
    id        INTEGER PRIMARY KEY,
    folded    TEXT    NOT NULL UNIQUE, -- the name in lower case: two names that differ in case are one tag
    name      TEXT    NOT NULL,        -- as it was written first
    category  TEXT    NOT NULL DEFAULT 'general',
    assets    INTEGER NOT NULL DEFAULT 0 -- distinct
);

CREATE TABLE asset_tags (
    asset_id  INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    tag_id    INTEGER NOT NULL REFERENCES tags (id) ON DELETE CASCADE,
    source    INTEGER NOT NULL, -- 0 user, 1 file
    PRIMARY KEY (asset_id, tag_id, source)
) WITHOUT ROWID;
CREATE INDEX asset_tags_by_tag ON asset_tags (tag_id, asset_id);

CREATE TRIGGER asset_tag_came AFTER INSERT ON asset_tags
WHEN NOT EXISTS (SELECT 1 FROM asset_tags WHERE asset_id = NEW.asset_id AND tag_id = NEW.tag_id AND source <> NEW.source)
BEGIN
    UPDATE tags SET assets = assets + 1 WHERE id = NEW.tag_id;
END;

CREATE TRIGGER asset_tag_went AFTER DELETE ON asset_tags
WHEN NOT EXISTS (SELECT 1 FROM asset_tags WHERE asset_id = OLD.asset_id AND tag_id = OLD.tag_id)
BEGIN
    UPDATE tags SET assets = assets - 1 WHERE id = OLD.tag_id;
END;

CREATE TABLE failures (
    asset_id      INTEGER PRIMARY KEY REFERENCES assets (id) ON DELETE CASCADE,
    library_id    INTEGER NOT NULL,
    stage         INTEGER NOT NULL, -- 0 metadata, 1 embedding
    reason        TEXT    NOT NULL,
    reason_group  TEXT    NOT NULL, -- the reason without what differs from file to file
    attempts      INTEGER NOT NULL,
    failed_at     INTEGER NOT NULL
);
CREATE INDEX failures_by_library ON failures (library_id, asset_id);
CREATE INDEX failures_by_reason ON failures (library_id, reason_group, asset_id);

-- What a scan met and did not take in: unreadable folders, links out of the root, names that are not UTF-8.
CREATE TABLE skipped (
    library_id  INTEGER NOT NULL REFERENCES libraries (id) ON DELETE CASCADE,
    path        TEXT    NOT NULL,
    reason      TEXT    NOT NULL,
    PRIMARY KEY (library_id, path)
) WITHOUT ROWID;

CREATE TABLE embedding_spaces (
    id          INTEGER PRIMARY KEY,
    name        TEXT    NOT NULL UNIQUE,
    dimensions  INTEGER NOT NULL
);

CREATE TABLE embeddings (
    space_id  INTEGER NOT NULL REFERENCES embedding_spaces (id),
    asset_id  INTEGER NOT NULL REFERENCES assets (id) ON DELETE CASCADE,
    vector    BLOB    NOT NULL, -- little-endian half floats, unit length
    PRIMARY KEY (asset_id, space_id)
);

-- A process that works. Its claims hold while its lease does; heartbeats extend it.
CREATE TABLE workers (
    id           INTEGER PRIMARY KEY AUTOINCREMENT,
    host         TEXT    NOT NULL,
    process_id   INTEGER NOT NULL,
    stages       INTEGER NOT NULL DEFAULT 3, -- claimed for: 1 metadata, 2 embedding
    rate         REAL    NOT NULL DEFAULT 0, -- assets settled per second, between its last two heartbeats
    started_at   INTEGER NOT NULL,
    heartbeat_at INTEGER NOT NULL DEFAULT 0,
    lease_until  INTEGER NOT NULL
);

-- Runs of named jobs; the last 20 of each name are kept.
CREATE TABLE job_runs (
    id               INTEGER PRIMARY KEY AUTOINCREMENT,
    name             TEXT    NOT NULL,
    traits           INTEGER NOT NULL, -- 1 can be paused, 2 goes on after a restart
    status           TEXT    NOT NULL, -- queued, running, completed, failed, cancelled
    owner            INTEGER,                    -- the worker that runs it
    paused           INTEGER NOT NULL DEFAULT 0,
    message          TEXT,
    fraction         REAL,             -- done, 0 to 1
    result           TEXT,
    error            TEXT,
    stack            TEXT,
    started_at       INTEGER NOT NULL,
    cancel_asked_at  INTEGER,
    finished_at      INTEGER
);
CREATE INDEX job_runs_by_name ON job_runs (name, id);
-- One run of a name at a time, whoever asks.
CREATE UNIQUE INDEX job_runs_running ON job_runs (name) WHERE status = 'running';

-- The last log lines of each run.
CREATE TABLE job_lines (
    run_id  INTEGER NOT NULL REFERENCES job_runs (id) ON DELETE CASCADE,
    place   INTEGER NOT NULL,
    at      INTEGER NOT NULL,
    level   INTEGER NOT NULL, -- as Microsoft.Extensions.Logging.LogLevel
    text    TEXT    NOT NULL,
    PRIMARY KEY (run_id, place)
) WITHOUT ROWID;
