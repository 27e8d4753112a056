-- What programs declare of the processes they fork. All NULL for an app's instance that declares nothing.

ALTER TABLE processes ADD COLUMN keeping TEXT; -- JSON
ALTER TABLE processes ADD COLUMN after_stop VARCHAR(16);
ALTER TABLE processes ADD COLUMN fork TEXT; -- JSON
