-- Hosts that are to hold no process.

CREATE TABLE drains (
    host TEXT PRIMARY KEY,
    force BOOLEAN NOT NULL,
    since BIGINT NOT NULL,
    actor TEXT NOT NULL
);
