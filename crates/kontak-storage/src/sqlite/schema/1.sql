-- Times are microseconds since 1970 in UTC. Payloads carry a checksum: SQLite's own pages have none.

CREATE TABLE tenants (
    number INTEGER PRIMARY KEY,
    tenant BLOB NOT NULL UNIQUE,
    inbox_head INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE owners (
    tenant INTEGER PRIMARY KEY,
    token INTEGER NOT NULL DEFAULT 0,
    owner TEXT,
    held_until INTEGER,
    wake_at INTEGER,
    journal_head INTEGER NOT NULL DEFAULT 0,
    inbox_cursor INTEGER NOT NULL DEFAULT 0,
    outbox_head INTEGER NOT NULL DEFAULT 0,
    snapshot_at INTEGER,
    generation INTEGER NOT NULL DEFAULT 0,
    staged_at INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE inbox (
    tenant INTEGER NOT NULL,
    position INTEGER NOT NULL,
    key BLOB NOT NULL,
    received_at INTEGER NOT NULL,
    erased_at INTEGER,
    payload BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (tenant, position),
    UNIQUE (tenant, key)
);

CREATE TABLE events (
    tenant INTEGER NOT NULL,
    position INTEGER NOT NULL,
    engine TEXT NOT NULL,
    version INTEGER NOT NULL,
    recorded_at INTEGER NOT NULL,
    erased_at INTEGER,
    payload BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (tenant, position)
);

CREATE TABLE outbox (
    tenant INTEGER NOT NULL,
    position INTEGER NOT NULL,
    id BLOB NOT NULL,
    state INTEGER NOT NULL,
    claimed_by INTEGER,
    attempts INTEGER NOT NULL,
    appended_at INTEGER NOT NULL,
    not_before INTEGER NOT NULL,
    erased_at INTEGER,
    payload BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (tenant, position),
    UNIQUE (tenant, id)
);
CREATE INDEX outbox_by_state ON outbox (tenant, state, position);

-- A part belongs to the generation it was staged for; those beyond the owner's are not published.
CREATE TABLE parts (
    tenant INTEGER NOT NULL,
    name BLOB NOT NULL,
    generation INTEGER NOT NULL,
    position INTEGER NOT NULL,
    subjects BLOB NOT NULL,
    payload BLOB NOT NULL,
    checksum INTEGER NOT NULL,
    PRIMARY KEY (tenant, name, generation)
);
CREATE INDEX parts_by_generation ON parts (tenant, generation);

CREATE TABLE inbox_subjects (
    tenant INTEGER NOT NULL,
    subject BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant, subject, position)
) WITHOUT ROWID;

CREATE TABLE event_subjects (
    tenant INTEGER NOT NULL,
    subject BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant, subject, position)
) WITHOUT ROWID;

CREATE TABLE outbox_subjects (
    tenant INTEGER NOT NULL,
    subject BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (tenant, subject, position)
) WITHOUT ROWID;
