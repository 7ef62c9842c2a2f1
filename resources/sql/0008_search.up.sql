-- How many objects of a kind there are, kept by triggers on `objects`, so that the total of a list
-- costs one short read. SQLite has one row per kind and lab; PostgreSQL gathers differences, whose
-- sum it is. lab_id 0: of no lab.
CREATE TABLE object_counts (
    id {id},
    kind {text} NOT NULL,
    lab_id {int} NOT NULL,
    kept {int} NOT NULL,
    trashed {int} NOT NULL,
    is_folded {bool} NOT NULL DEFAULT {false}
){strict};

INSERT INTO object_counts (kind, lab_id, kept, trashed)
    SELECT kind, coalesce(lab_id, 0), sum(CASE WHEN trashed_at IS NULL THEN 1 ELSE 0 END),
           sum(CASE WHEN trashed_at IS NULL THEN 0 ELSE 1 END)
    FROM objects GROUP BY kind, coalesce(lab_id, 0);

-- A name that is typed whole: birchctl search, references to any object.
CREATE INDEX objects_title ON objects (title);
-- The newest of one kind, where other kinds have far more rows.
CREATE INDEX objects_kind ON objects (kind, id);

-- Lists are newest first. These tables grow with the scans; sorting them for every page would not do.
CREATE INDEX samples_newest ON samples (created_at, id, trashed_at);
CREATE INDEX analyses_newest ON analyses (created_at, id, trashed_at);
CREATE INDEX analysis_results_newest ON analysis_results (created_at, id, trashed_at);
CREATE INDEX attachments_newest ON attachments (created_at, id, trashed_at);
CREATE INDEX fabrication_runs_newest ON fabrication_runs (created_at, id, trashed_at);
