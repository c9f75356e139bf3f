-- Times are microseconds since 1970 in UTC. Payloads carry a checksum: data checksums are off by default.

CREATE TABLE tenants (
    number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    tenant BYTEA NOT NULL UNIQUE,
    inbox_head BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE owners (
    tenant BIGINT PRIMARY KEY,
    token BIGINT NOT NULL DEFAULT 0,
    owner TEXT,
    held_until BIGINT,
    wake_at BIGINT,
    journal_head BIGINT NOT NULL DEFAULT 0,
    inbox_cursor BIGINT NOT NULL DEFAULT 0,
    outbox_head BIGINT NOT NULL DEFAULT 0,
    snapshot_at BIGINT,
    generation BIGINT NOT NULL DEFAULT 0,
    staged_at BIGINT NOT NULL DEFAULT 0
);

CREATE TABLE inbox (
    tenant BIGINT NOT NULL,
    position BIGINT NOT NULL,
    key BYTEA NOT NULL,
    received_at BIGINT NOT NULL,
    erased_at BIGINT,
    payload BYTEA NOT NULL,
    checksum BIGINT NOT NULL,
    PRIMARY KEY (tenant, position),
    UNIQUE (tenant, key)
);

CREATE TABLE events (
    tenant BIGINT NOT NULL,
    position BIGINT NOT NULL,
    engine TEXT NOT NULL,
    version BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL,
    erased_at BIGINT,
    payload BYTEA NOT NULL,
    checksum BIGINT NOT NULL,
    PRIMARY KEY (tenant, position)
);

CREATE TABLE outbox (
    tenant BIGINT NOT NULL,
    position BIGINT NOT NULL,
    id BYTEA NOT NULL,
    state BIGINT NOT NULL,
    claimed_by BIGINT,
    attempts BIGINT NOT NULL,
    appended_at BIGINT NOT NULL,
    not_before BIGINT NOT NULL,
    erased_at BIGINT,
    payload BYTEA NOT NULL,
    checksum BIGINT NOT NULL,
    PRIMARY KEY (tenant, position),
    UNIQUE (tenant, id)
);
CREATE INDEX outbox_by_state ON outbox (tenant, state, position);

-- A part belongs to the generation it was staged for; those beyond the owner's are not published.
CREATE TABLE parts (
    tenant BIGINT NOT NULL,
    name BYTEA NOT NULL,
    generation BIGINT NOT NULL,
    position BIGINT NOT NULL,
    subjects BYTEA NOT NULL,
    payload BYTEA NOT NULL,
    checksum BIGINT NOT NULL,
    PRIMARY KEY (tenant, name, generation)
);
CREATE INDEX parts_by_generation ON parts (tenant, generation);

CREATE TABLE inbox_subjects (
    tenant BIGINT NOT NULL,
    subject BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant, subject, position)
);

CREATE TABLE event_subjects (
    tenant BIGINT NOT NULL,
    subject BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant, subject, position)
);

CREATE TABLE outbox_subjects (
    tenant BIGINT NOT NULL,
    subject BYTEA NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (tenant, subject, position)
);
