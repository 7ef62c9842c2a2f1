-- Where the time of each run of a scan went, as totals; see core/data/scan_timing. A run is a start
-- or a continuation. node_uid and operation are '' where a part has none; the part 'wall' is the
-- whole of a run.
CREATE TABLE scan_timings (
    scan_id {int} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
    epoch {int} NOT NULL,
    lane {text} NOT NULL,
    node_uid {uid} NOT NULL,
    operation {text} NOT NULL,
    part {text} NOT NULL,
    stretches {int} NOT NULL,
    total_ns {int} NOT NULL,
    longest_ns {int} NOT NULL,
    PRIMARY KEY (scan_id, epoch, lane, node_uid, operation, part)
){strict};
