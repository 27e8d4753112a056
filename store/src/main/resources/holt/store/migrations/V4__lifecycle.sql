-- How the instances of a release are checked, kept alive and ended, what else limits them, and what system they see.

ALTER TABLE releases ADD COLUMN readiness_target TEXT NOT NULL DEFAULT '';
ALTER TABLE releases ADD COLUMN open_files INTEGER NOT NULL DEFAULT 0; -- 0 for not stated
ALTER TABLE releases ADD COLUMN network_rate BIGINT NOT NULL DEFAULT 0; -- bytes a second; 0 for no limit
ALTER TABLE releases ADD COLUMN io_rate BIGINT NOT NULL DEFAULT 0; -- bytes a second; 0 for no limit
ALTER TABLE releases ADD COLUMN lifecycle TEXT; -- JSON object; NULL for the standard
ALTER TABLE releases ADD COLUMN stack TEXT NOT NULL DEFAULT ''; -- empty for the host's own system
