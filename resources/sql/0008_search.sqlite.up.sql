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

-- What a search looks through: an object's own words, then, after a line feed (which folded text
-- never has), those of its tags. The triggers keep the second part, whoever tags, renames or merges.
CREATE VIEW object_words AS
    SELECT o.id, substr(o.search_text, 1, instr(o.search_text || char(10), char(10)) - 1) ||
        coalesce((SELECT char(10) || group_concat(' ' || substr(g.search_text, 1,
                instr(g.search_text || char(10), char(10)) - 1), '')
            FROM object_tags l JOIN objects g ON g.kind = 'tags' AND g.row_id = l.tag_id
            WHERE l.object_id = o.id AND l.trashed_at IS NULL AND g.trashed_at IS NULL), '') AS words
    FROM objects o;
CREATE TRIGGER object_tags_words_added AFTER INSERT ON object_tags BEGIN
    UPDATE objects SET search_text = (SELECT words FROM object_words w WHERE w.id = objects.id)
        WHERE id = NEW.object_id;
END;
CREATE TRIGGER object_tags_words_removed AFTER DELETE ON object_tags BEGIN
    UPDATE objects SET search_text = (SELECT words FROM object_words w WHERE w.id = objects.id)
        WHERE id = OLD.object_id;
END;
CREATE TRIGGER object_tags_words_changed AFTER UPDATE OF object_id, tag_id, trashed_at ON object_tags
BEGIN
    UPDATE objects SET search_text = (SELECT words FROM object_words w WHERE w.id = objects.id)
        WHERE id IN (OLD.object_id, NEW.object_id);
END;
CREATE TRIGGER objects_words_changed AFTER UPDATE OF search_text, trashed_at ON objects
WHEN NEW.kind = 'tags' AND (OLD.search_text <> NEW.search_text OR
                            OLD.trashed_at IS NOT NEW.trashed_at) BEGIN
    UPDATE objects SET search_text = (SELECT words FROM object_words w WHERE w.id = objects.id)
        WHERE id IN (SELECT object_id FROM object_tags WHERE tag_id = NEW.row_id);
END;
