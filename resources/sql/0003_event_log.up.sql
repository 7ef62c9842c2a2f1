-- Who changed what: one chain per lab, and one (lab_id 0) for what belongs to none. What hashes
-- cover is written in core/store/event_chain.h. Nothing refers to labs or objects here: the log
-- outlives what it tells of.

-- Head of each chain. Its row is the lock that keeps a chain from forking: taken last.
CREATE TABLE event_chains (
    lab_id {int} PRIMARY KEY,
    sequence {int} NOT NULL,
    hash {bytes} NOT NULL
){strict};

-- changes is text, not JSON of the engine: its bytes are hashed. NULL once its detail was purged.
CREATE TABLE event_log (
    id {id},
    lab_id {int} NOT NULL,
    sequence {int} NOT NULL,
    occurred_at {int} NOT NULL,
    user_name {text} NOT NULL,
    station {text} NOT NULL,
    action {text} NOT NULL,
    kind {text} NOT NULL,
    object_uid {uid} NOT NULL,
    title {text} NOT NULL,
    changes {text},
    purged_at {int},
    payload_hash {bytes} NOT NULL,
    previous_hash {bytes} NOT NULL,
    hash {bytes} NOT NULL,
    UNIQUE (lab_id, sequence)
){strict};
CREATE INDEX event_log_newest ON event_log (occurred_at DESC, id DESC);
CREATE INDEX event_log_object ON event_log (object_uid, occurred_at DESC);
CREATE INDEX event_log_kind ON event_log (kind, occurred_at DESC, id DESC);
