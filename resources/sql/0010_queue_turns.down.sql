DROP TABLE station_beats;
ALTER TABLE measurement_objects DROP COLUMN side_epoch;
DROP INDEX queue_items_next;
CREATE INDEX queue_items_next ON queue_items (priority DESC, created_at, position, id)
    WHERE state = 'queued' AND is_ready;
DROP INDEX queue_items_held_for;
ALTER TABLE queue_items DROP COLUMN held_until;
ALTER TABLE queue_items DROP COLUMN held_for_id;
ALTER TABLE queue_items DROP COLUMN claimed_process;
ALTER TABLE queue_items DROP COLUMN request;
ALTER TABLE queue_items DROP COLUMN reason;
ALTER TABLE queue_items DROP COLUMN repeats_done;
ALTER TABLE queue_items DROP COLUMN repeats;
ALTER TABLE queue_items DROP COLUMN turn;
