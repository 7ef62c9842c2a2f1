CREATE INDEX object_counts_kind ON object_counts (kind);

-- Each change adds a row of differences: writers never wait for each other's. Every 512th folds its
-- predecessors into one, every 262144th those of a longer stretch; rows that another transaction
-- holds stay for the next time. Sums are exact in every snapshot.
CREATE FUNCTION birch_fold_counts() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    stretch BIGINT := CASE WHEN NEW.id % 262144 = 0 THEN 262144 ELSE 512 END;
BEGIN
    WITH earlier AS (
        SELECT id FROM object_counts WHERE id > NEW.id - stretch AND id <= NEW.id
        FOR UPDATE SKIP LOCKED
    ), gone AS (
        DELETE FROM object_counts c USING earlier e WHERE c.id = e.id
        RETURNING c.kind, c.lab_id, c.kept, c.trashed
    )
    INSERT INTO object_counts (kind, lab_id, kept, trashed, is_folded)
        SELECT kind, lab_id, sum(kept), sum(trashed), TRUE FROM gone GROUP BY kind, lab_id
        HAVING sum(kept) <> 0 OR sum(trashed) <> 0;
    RETURN NULL;
END
$$;
CREATE TRIGGER object_counts_fold AFTER INSERT ON object_counts
    FOR EACH ROW WHEN (NEW.id % 512 = 0 AND NOT NEW.is_folded) EXECUTE FUNCTION birch_fold_counts();

CREATE FUNCTION birch_count_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO object_counts (kind, lab_id, kept, trashed)
        SELECT kind, coalesce(lab_id, 0), count(*) FILTER (WHERE trashed_at IS NULL),
               count(*) FILTER (WHERE trashed_at IS NOT NULL)
        FROM changed GROUP BY kind, coalesce(lab_id, 0);
    RETURN NULL;
END
$$;
CREATE FUNCTION birch_count_removed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO object_counts (kind, lab_id, kept, trashed)
        SELECT kind, coalesce(lab_id, 0), -count(*) FILTER (WHERE trashed_at IS NULL),
               -count(*) FILTER (WHERE trashed_at IS NOT NULL)
        FROM changed GROUP BY kind, coalesce(lab_id, 0);
    RETURN NULL;
END
$$;
CREATE FUNCTION birch_count_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO object_counts (kind, lab_id, kept, trashed)
        VALUES (OLD.kind, coalesce(OLD.lab_id, 0), -(OLD.trashed_at IS NULL)::INT,
                -(OLD.trashed_at IS NOT NULL)::INT),
               (NEW.kind, coalesce(NEW.lab_id, 0), (NEW.trashed_at IS NULL)::INT,
                (NEW.trashed_at IS NOT NULL)::INT);
    RETURN NULL;
END
$$;
CREATE TRIGGER objects_count_added AFTER INSERT ON objects REFERENCING NEW TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION birch_count_added();
CREATE TRIGGER objects_count_removed AFTER DELETE ON objects REFERENCING OLD TABLE AS changed
    FOR EACH STATEMENT EXECUTE FUNCTION birch_count_removed();
CREATE TRIGGER objects_count_changed AFTER UPDATE OF lab_id, trashed_at ON objects
    FOR EACH ROW WHEN (OLD.lab_id IS DISTINCT FROM NEW.lab_id OR
                       (OLD.trashed_at IS NULL) <> (NEW.trashed_at IS NULL))
    EXECUTE FUNCTION birch_count_changed();

DO $$
BEGIN
    CREATE EXTENSION IF NOT EXISTS pg_trgm;
EXCEPTION
    WHEN insufficient_privilege THEN
        RAISE EXCEPTION 'text search needs the extension pg_trgm: let an administrator run '
            'CREATE EXTENSION pg_trgm in this database once' USING ERRCODE = '42501';
    WHEN undefined_file OR feature_not_supported THEN
        RAISE EXCEPTION 'text search needs the extension pg_trgm: install the package '
            'postgresql-contrib on the server' USING ERRCODE = '42501';
END
$$;
-- The blank in front makes the first word begin like every other one: " ab%" is the beginning of a
-- word wherever it stands.
CREATE INDEX objects_search ON objects USING gin ((' ' || search_text) gin_trgm_ops);

-- What a search looks through: an object's own words, then, after a line feed (which folded text
-- never has), those of its tags. The triggers keep the second part, whoever tags, renames or merges.
CREATE FUNCTION birch_object_words(of_object BIGINT, words TEXT) RETURNS TEXT
LANGUAGE plpgsql STABLE AS $$
BEGIN
    RETURN split_part(words, E'\n', 1) || coalesce((
        SELECT E'\n' || string_agg(' ' || split_part(g.search_text, E'\n', 1), '' ORDER BY l.id)
        FROM object_tags l JOIN objects g ON g.kind = 'tags' AND g.row_id = l.tag_id
        WHERE l.object_id = of_object AND l.trashed_at IS NULL AND g.trashed_at IS NULL), '');
END
$$;
CREATE FUNCTION birch_keep_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' THEN
        UPDATE objects SET search_text = birch_object_words(id, search_text)
            WHERE id = OLD.object_id;
    END IF;
    IF TG_OP <> 'DELETE' THEN
        UPDATE objects SET search_text = birch_object_words(id, search_text)
            WHERE id = NEW.object_id;
    END IF;
    RETURN NULL;
END
$$;
CREATE FUNCTION birch_spread_words() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE objects SET search_text = birch_object_words(id, search_text)
        WHERE id IN (SELECT object_id FROM object_tags WHERE tag_id = NEW.row_id);
    RETURN NULL;
END
$$;
CREATE TRIGGER object_tags_words AFTER INSERT OR DELETE OR UPDATE OF object_id, tag_id, trashed_at
    ON object_tags FOR EACH ROW EXECUTE FUNCTION birch_keep_words();
CREATE TRIGGER objects_words AFTER UPDATE OF search_text, trashed_at ON objects
    FOR EACH ROW WHEN (NEW.kind = 'tags' AND (OLD.search_text <> NEW.search_text OR
                       OLD.trashed_at IS DISTINCT FROM NEW.trashed_at))
    EXECUTE FUNCTION birch_spread_words();
