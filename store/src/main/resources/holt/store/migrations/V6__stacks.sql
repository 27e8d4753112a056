-- Root file systems by name; what they are is in the blob store.

CREATE TABLE stacks (
    name       TEXT PRIMARY KEY,
    digest     TEXT NOT NULL, -- of the RootFileSystem
    origin     TEXT NOT NULL,
    bytes      BIGINT NOT NULL,
    created_at BIGINT NOT NULL, -- nanoseconds since 1970
    created_by TEXT NOT NULL
);
