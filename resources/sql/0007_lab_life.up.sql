-- What went to the trash with one thing comes back with it: the object whose trashing took it along.
ALTER TABLE objects ADD COLUMN trash_root_id {int} REFERENCES objects (id) ON DELETE SET NULL;
UPDATE objects SET trash_root_id = id WHERE trashed_at IS NOT NULL;
CREATE INDEX objects_trashed ON objects (trashed_at) WHERE trashed_at IS NOT NULL;
CREATE INDEX objects_trash_root ON objects (trash_root_id) WHERE trash_root_id IS NOT NULL;

-- Open hours and dates are meant in the lab's own time; a stock is low by an amount that people set.
ALTER TABLE labs ADD COLUMN time_zone {text};
ALTER TABLE precursors ADD COLUMN low_below {real} CHECK (low_below >= 0);
ALTER TABLE precursors ADD COLUMN low_unit {text};

-- Bytes under their hash, once per lab; in pieces, so that no value is over a mebibyte.
CREATE TABLE blobs (
    id {id},
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE CASCADE,
    sha256 {text} NOT NULL,
    size {int} NOT NULL CHECK (size >= 0),
    created_at {int} NOT NULL,
    used_at {int} NOT NULL,
    UNIQUE (lab_id, sha256)
){strict};
CREATE TABLE blob_chunks (
    blob_id {int} NOT NULL REFERENCES blobs (id) ON DELETE CASCADE,
    position {int} NOT NULL,
    lab_id {int} NOT NULL,
    payload {bytes} NOT NULL,
    PRIMARY KEY (blob_id, position)
){strict};
