DROP TABLE blob_chunks;
DROP TABLE blobs;
ALTER TABLE precursors DROP COLUMN low_unit;
ALTER TABLE precursors DROP COLUMN low_below;
ALTER TABLE labs DROP COLUMN time_zone;
DROP INDEX objects_trashed;
DROP INDEX objects_trash_root;
ALTER TABLE objects DROP COLUMN trash_root_id;
