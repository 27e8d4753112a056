-- Moments are nanoseconds since 1970-01-01T00:00Z: they come back exactly as they went in.
-- Plain enough for both SQLite and PostgreSQL.

CREATE TABLE apps (
    name           VARCHAR(40) PRIMARY KEY,
    supervisor_pid BIGINT      NOT NULL,
    started        BOOLEAN     NOT NULL,
    instances      INTEGER     NOT NULL,
    routes         TEXT        NOT NULL, -- JSON array of host names
    target_version BIGINT      NOT NULL,
    live_version   BIGINT      NOT NULL,
    created_at     BIGINT      NOT NULL,
    updated_at     BIGINT      NOT NULL
);

CREATE TABLE releases (
    app                     VARCHAR(40) NOT NULL,
    version                 BIGINT      NOT NULL,
    droplet                 VARCHAR(64) NOT NULL,
    buildpack               TEXT        NOT NULL,
    command                 TEXT        NOT NULL,
    environment             TEXT        NOT NULL, -- sealed
    memory_bytes            BIGINT      NOT NULL,
    cpu_millis              INTEGER     NOT NULL,
    pids                    INTEGER     NOT NULL,
    readiness_kind          VARCHAR(16) NOT NULL,
    readiness_limit_seconds INTEGER     NOT NULL,
    state                   VARCHAR(16) NOT NULL,
    reason                  TEXT,
    created_at              BIGINT      NOT NULL,
    created_by              TEXT        NOT NULL,
    PRIMARY KEY (app, version)
);

CREATE TABLE processes (
    pid         BIGINT      PRIMARY KEY,
    ppid        BIGINT      NOT NULL,
    app         VARCHAR(40) NOT NULL,
    idx         INTEGER     NOT NULL,
    version     BIGINT      NOT NULL,
    incarnation INTEGER     NOT NULL,
    instance_id VARCHAR(64) NOT NULL,
    state       VARCHAR(16) NOT NULL,
    host        TEXT,
    address     TEXT,
    port        INTEGER     NOT NULL,
    crashes     INTEGER     NOT NULL,
    not_before  BIGINT,
    state_since BIGINT      NOT NULL,
    created_at  BIGINT      NOT NULL,
    last_exit   TEXT -- JSON
);

CREATE INDEX processes_by_app ON processes (app, version);

CREATE TABLE events (
    id      BIGINT      PRIMARY KEY,
    at      BIGINT      NOT NULL,
    app     VARCHAR(40) NOT NULL,
    kind    VARCHAR(64) NOT NULL,
    message TEXT        NOT NULL,
    data    TEXT        NOT NULL -- JSON object of texts
);

CREATE INDEX events_by_app ON events (app, id);

CREATE TABLE tokens (
    id           VARCHAR(64) PRIMARY KEY,
    name         TEXT        NOT NULL,
    role         VARCHAR(16) NOT NULL,
    hash         VARCHAR(64) NOT NULL UNIQUE,
    created_at   BIGINT      NOT NULL,
    last_used_at BIGINT
);

CREATE TABLE builds (
    id         VARCHAR(64) PRIMARY KEY,
    app        VARCHAR(40),
    tree       VARCHAR(64) NOT NULL,
    state      VARCHAR(16) NOT NULL,
    droplet    VARCHAR(64),
    buildpack  TEXT,
    command    TEXT,
    failure    VARCHAR(64),
    detail     TEXT,
    log        TEXT        NOT NULL, -- JSON array of lines
    created_at BIGINT      NOT NULL
);

CREATE INDEX builds_by_age ON builds (created_at);

-- Counters that only ever grow: last_pid outlives the rows it was taken from, because no pid is used twice.
CREATE TABLE counters (
    name  VARCHAR(32) PRIMARY KEY,
    value BIGINT      NOT NULL
);

INSERT INTO counters (name, value) VALUES ('last_pid', 1);
INSERT INTO counters (name, value) VALUES ('last_event', 0);
