-- One notification per transaction and object. What a transaction has announced is kept in a
-- setting that ends with it (a savepoint that rolls back takes its part along); above 100 objects
-- their kinds are announced instead.
CREATE FUNCTION birch_announce() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    told TEXT := coalesce(current_setting('birch.announced', true), '');
    object_uid TEXT := CASE WHEN TG_OP = 'DELETE' THEN OLD.uid ELSE NEW.uid END;
    word TEXT := ' ' || CASE WHEN TG_OP = 'DELETE' THEN '-' ELSE '' END || object_uid;
BEGIN
    IF length(told) > 3700 THEN
        PERFORM pg_notify('birch_changes', json_build_object('kind', TG_TABLE_NAME)::text);
        RETURN NULL;
    END IF;
    IF position(word IN told) > 0 THEN
        RETURN NULL;
    END IF;
    PERFORM set_config('birch.announced', told || word, true);
    PERFORM pg_notify('birch_changes', json_build_object(
        'kind', TG_TABLE_NAME, 'uid', object_uid, 'action', lower(TG_OP))::text);
    RETURN NULL;
END
$$;

-- A later migration that adds a table of objects calls this for it.
CREATE FUNCTION birch_announce_changes_of(changing TEXT) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('CREATE TRIGGER %I AFTER INSERT OR UPDATE OR DELETE ON %I '
                   'FOR EACH ROW EXECUTE FUNCTION birch_announce()',
                   changing || '_announced', changing);
END
$$;

-- Everything that people know by a uid; the registry of objects and the parts of a scan follow it.
DO $$
DECLARE
    changing TEXT;
BEGIN
    FOR changing IN
        SELECT c.table_name FROM information_schema.columns c
            JOIN information_schema.tables t USING (table_schema, table_name)
            WHERE c.table_schema = current_schema() AND t.table_type = 'BASE TABLE'
                AND c.column_name = 'uid'
                AND c.table_name NOT IN ('objects', 'measurement_objects', 'database_info')
    LOOP
        PERFORM birch_announce_changes_of(changing);
    END LOOP;
END
$$;
