-- Where the instances of a release may run, and what else they take of a host.
ALTER TABLE releases ADD COLUMN disk_bytes BIGINT NOT NULL DEFAULT 0; -- 0 for not stated
ALTER TABLE releases ADD COLUMN placement TEXT; -- JSON object; NULL for anywhere
