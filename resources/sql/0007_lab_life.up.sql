-- What went to the trash with one thing comes back with it: the object whose trashing took it along.
ALTER TABLE objects ADD COLUMN trash_root_id {int} REFERENCES objects (id) ON DELETE SET NULL;
UPDATE objects SET trash_root_id = id WHERE trashed_at IS NOT NULL;
CREATE INDEX objects_trash_root ON objects (trash_root_id) WHERE trash_root_id IS NOT NULL;
