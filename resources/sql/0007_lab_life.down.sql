DROP INDEX objects_trash_root;
ALTER TABLE objects DROP COLUMN trash_root_id;
