-- What a station does next: scans that wait in a queue until a station claims them. A claim is a
-- lease with an epoch that counts claims, so that a station which lost its lease is noticed.
CREATE TABLE queue_items (
    id {id},
    uid {uid} NOT NULL UNIQUE,
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE RESTRICT,
    queue_id {int} NOT NULL REFERENCES queues (id) ON DELETE CASCADE,
    position {int} NOT NULL,
    name {text} NOT NULL,
    tree {text} NOT NULL,
    details {text} NOT NULL DEFAULT '{}',
    state {text} NOT NULL DEFAULT 'queued'
        CHECK (state IN ('queued', 'claimed', 'completed', 'aborted', 'failed', 'cancelled')),
    priority {int} NOT NULL DEFAULT 0,
    is_ready {bool} NOT NULL DEFAULT {true},
    not_before {int},
    station_id {int} REFERENCES stations (id) ON DELETE RESTRICT,
    claimed_by_id {int} REFERENCES stations (id) ON DELETE RESTRICT,
    lease_until {int},
    epoch {int} NOT NULL DEFAULT 0 CHECK (epoch >= 0),
    scan_id {int} REFERENCES scans (id) ON DELETE SET NULL,
    extra_data {json} NOT NULL DEFAULT '{}',
    revision {int} NOT NULL DEFAULT 1,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    updated_at {int} NOT NULL,
    updated_by {text} NOT NULL,
    CHECK ((state = 'claimed') = (claimed_by_id IS NOT NULL AND lease_until IS NOT NULL)),
    CHECK (state <> 'claimed' OR epoch > 0)
){strict};
-- In the order in which they are handed out.
CREATE INDEX queue_items_next ON queue_items (priority DESC, created_at, position, id)
    WHERE state = 'queued' AND is_ready;
CREATE INDEX queue_items_leases ON queue_items (lease_until) WHERE state = 'claimed';
CREATE INDEX queue_items_queue ON queue_items (queue_id, position);
CREATE INDEX queue_items_lab ON queue_items (lab_id);
CREATE INDEX queue_items_station ON queue_items (station_id);
CREATE INDEX queue_items_claimed_by ON queue_items (claimed_by_id);
CREATE INDEX queue_items_scan ON queue_items (scan_id);

-- What the station must have: by definition, so that any station with such an instrument will do;
-- identity where it must be this very one.
CREATE TABLE queue_item_instruments (
    item_id {int} NOT NULL REFERENCES queue_items (id) ON DELETE CASCADE,
    nickname {text} NOT NULL,
    definition {text} NOT NULL,
    identity {text} NOT NULL DEFAULT '',
    PRIMARY KEY (item_id, nickname)
){strict};
