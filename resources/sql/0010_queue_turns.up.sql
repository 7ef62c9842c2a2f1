-- Whose turn it is in a queue, how often, and what was asked of a scan that runs. `turn`: 0 now,
-- before everything else and past its gates; 1 as it stands in the queue; 2 once more at the end,
-- because it has failed.
ALTER TABLE queue_items ADD COLUMN turn {int} NOT NULL DEFAULT 1 CHECK (turn IN (0, 1, 2));
ALTER TABLE queue_items ADD COLUMN repeats {int} NOT NULL DEFAULT 1 CHECK (repeats >= 1);
ALTER TABLE queue_items ADD COLUMN repeats_done {int} NOT NULL DEFAULT 0;
ALTER TABLE queue_items ADD COLUMN reason {text} NOT NULL DEFAULT '';
ALTER TABLE queue_items ADD COLUMN request {text} NOT NULL DEFAULT ''
    CHECK (request IN ('', 'pause', 'abort'));
-- Which program has claimed it: a dead one of the same computer is known at once.
ALTER TABLE queue_items ADD COLUMN claimed_process {text} NOT NULL DEFAULT '';
-- After a death it is the turn of the station that has the spool; of any other one later.
ALTER TABLE queue_items ADD COLUMN held_for_id {int} REFERENCES stations (id) ON DELETE SET NULL;
ALTER TABLE queue_items ADD COLUMN held_until {int};
CREATE INDEX queue_items_held_for ON queue_items (held_for_id) WHERE held_for_id IS NOT NULL;

DROP INDEX queue_items_next;
CREATE INDEX queue_items_next ON queue_items (turn, priority DESC, queue_id, position, id)
    WHERE state = 'queued';

-- Of rows that a station brings after its scan was taken from it and has gone on elsewhere: the start
-- of the scan that they are from. They lie beside it, never between its own.
ALTER TABLE measurement_objects ADD COLUMN side_epoch {int};

-- Programs that run queues, as they were heard of last.
CREATE TABLE station_beats (
    station_id {int} NOT NULL REFERENCES stations (id) ON DELETE CASCADE,
    process {text} NOT NULL,
    seen_at {int} NOT NULL,
    instruments {json} NOT NULL DEFAULT '[]',
    PRIMARY KEY (station_id, process)
){strict};
