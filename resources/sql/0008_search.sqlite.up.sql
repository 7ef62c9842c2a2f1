-- Not unique: a copy from PostgreSQL brings several rows, whose sum counts.
CREATE INDEX object_counts_kind ON object_counts (kind, lab_id);

CREATE TRIGGER objects_count_added AFTER INSERT ON objects BEGIN
    INSERT INTO object_counts (kind, lab_id, kept, trashed)
        SELECT NEW.kind, coalesce(NEW.lab_id, 0), 0, 0 WHERE NOT EXISTS (
            SELECT 1 FROM object_counts WHERE kind = NEW.kind AND lab_id = coalesce(NEW.lab_id, 0));
    UPDATE object_counts SET kept = kept + (NEW.trashed_at IS NULL),
                             trashed = trashed + (NEW.trashed_at IS NOT NULL)
        WHERE id = (SELECT min(id) FROM object_counts
                    WHERE kind = NEW.kind AND lab_id = coalesce(NEW.lab_id, 0));
END;
CREATE TRIGGER objects_count_removed AFTER DELETE ON objects BEGIN
    UPDATE object_counts SET kept = kept - (OLD.trashed_at IS NULL),
                             trashed = trashed - (OLD.trashed_at IS NOT NULL)
        WHERE id = (SELECT min(id) FROM object_counts
                    WHERE kind = OLD.kind AND lab_id = coalesce(OLD.lab_id, 0));
END;
CREATE TRIGGER objects_count_changed AFTER UPDATE OF lab_id, trashed_at ON objects
WHEN OLD.lab_id IS NOT NEW.lab_id OR (OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL) BEGIN
    UPDATE object_counts SET kept = kept - (OLD.trashed_at IS NULL),
                             trashed = trashed - (OLD.trashed_at IS NOT NULL)
        WHERE id = (SELECT min(id) FROM object_counts
                    WHERE kind = OLD.kind AND lab_id = coalesce(OLD.lab_id, 0));
    INSERT INTO object_counts (kind, lab_id, kept, trashed)
        SELECT NEW.kind, coalesce(NEW.lab_id, 0), 0, 0 WHERE NOT EXISTS (
            SELECT 1 FROM object_counts WHERE kind = NEW.kind AND lab_id = coalesce(NEW.lab_id, 0));
    UPDATE object_counts SET kept = kept + (NEW.trashed_at IS NULL),
                             trashed = trashed + (NEW.trashed_at IS NOT NULL)
        WHERE id = (SELECT min(id) FROM object_counts
                    WHERE kind = NEW.kind AND lab_id = coalesce(NEW.lab_id, 0));
END;

-- Three characters at a time, without positions: what it finds is compared with search_text again.
-- Two blanks before each word make the beginnings of words such triples too ("  a", " ab"), so that
-- short words need no index of their own. The kind stands before them in capitals, which folded
-- text never has.
CREATE VIEW objects_indexed AS
    SELECT id, char(1) || upper(kind) || char(1) || '  ' || replace(search_text, ' ', '  ') AS triples
    FROM objects WHERE search_text <> '';
CREATE VIRTUAL TABLE object_search USING fts5 (
    triples, content = 'objects_indexed', content_rowid = 'id',
    tokenize = 'trigram case_sensitive 1', detail = none, columnsize = 0
);

-- An object without text can not be found: it comes into the index with its text.
CREATE TRIGGER objects_search_added AFTER INSERT ON objects WHEN NEW.search_text <> '' BEGIN
    INSERT INTO object_search (rowid, triples)
        VALUES (NEW.id, char(1) || upper(NEW.kind) || char(1) || '  ' ||
                        replace(NEW.search_text, ' ', '  '));
END;
CREATE TRIGGER objects_search_removed AFTER DELETE ON objects WHEN OLD.search_text <> '' BEGIN
    INSERT INTO object_search (object_search, rowid, triples)
        VALUES ('delete', OLD.id, char(1) || upper(OLD.kind) || char(1) || '  ' ||
                                  replace(OLD.search_text, ' ', '  '));
END;
CREATE TRIGGER objects_search_emptied AFTER UPDATE OF search_text ON objects
WHEN OLD.search_text <> '' AND OLD.search_text <> NEW.search_text BEGIN
    INSERT INTO object_search (object_search, rowid, triples)
        VALUES ('delete', OLD.id, char(1) || upper(OLD.kind) || char(1) || '  ' ||
                                  replace(OLD.search_text, ' ', '  '));
END;
CREATE TRIGGER objects_search_filled AFTER UPDATE OF search_text ON objects
WHEN NEW.search_text <> '' AND OLD.search_text <> NEW.search_text BEGIN
    INSERT INTO object_search (rowid, triples)
        VALUES (NEW.id, char(1) || upper(NEW.kind) || char(1) || '  ' ||
                        replace(NEW.search_text, ' ', '  '));
END;

INSERT INTO object_search (rowid, triples) SELECT id, triples FROM objects_indexed;
