DO $$
DECLARE
    word RECORD;
BEGIN
    FOR word IN SELECT p.polname, c.relname FROM pg_policy p JOIN pg_class c ON c.oid = p.polrelid
            WHERE c.relnamespace = current_schema()::regnamespace AND p.polname LIKE 'birch\_%' LOOP
        EXECUTE format('DROP POLICY %I ON %I', word.polname, word.relname);
    END LOOP;
    FOR word IN SELECT c.relname FROM pg_class c
            WHERE c.relnamespace = current_schema()::regnamespace AND c.relrowsecurity LOOP
        EXECUTE format('ALTER TABLE %I NO FORCE ROW LEVEL SECURITY', word.relname);
        EXECUTE format('ALTER TABLE %I DISABLE ROW LEVEL SECURITY', word.relname);
    END LOOP;
    FOR word IN SELECT p.oid::regprocedure::text AS name FROM pg_proc p
            WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'birch\_%'
                AND p.prorettype = 'trigger'::regtype LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY INVOKER RESET search_path', word.name);
    END LOOP;
    FOR word IN SELECT rolname FROM pg_roles WHERE rolname IN (birch_group('maintenance'),
            birch_group('viewer'), birch_group('operator'), birch_group('admin')) LOOP
        EXECUTE format('REVOKE ALL ON ALL TABLES IN SCHEMA %I FROM %I', current_schema(),
                       word.rolname);
        EXECUTE format('REVOKE ALL ON ALL SEQUENCES IN SCHEMA %I FROM %I', current_schema(),
                       word.rolname);
        EXECUTE format('REVOKE ALL ON SCHEMA %I FROM %I', current_schema(), word.rolname);
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM %I', current_database(), word.rolname);
        EXECUTE format('DROP ROLE %I', word.rolname);
    END LOOP;
    EXECUTE format('GRANT CONNECT, TEMPORARY ON DATABASE %I TO PUBLIC', current_database());
END
$$;
DROP FUNCTION birch_protect();
DROP FUNCTION birch_protect_table(TEXT, TEXT);
DROP FUNCTION birch_make_groups();
DROP FUNCTION birch_special(TEXT);
DROP FUNCTION birch_rows(TEXT, TEXT, BIGINT, INT);
DROP FUNCTION birch_guest_terms(TEXT, TEXT, BIGINT, INT);
DROP FUNCTION birch_parent(TEXT);
DROP FUNCTION birch_is_guest(NAME);
DROP FUNCTION birch_given(NAME, TEXT, BIGINT);
DROP FUNCTION birch_user(NAME);
DROP FUNCTION birch_is_open(BIGINT);
DROP FUNCTION birch_grants(BIGINT);
DROP FUNCTION birch_group(TEXT);
