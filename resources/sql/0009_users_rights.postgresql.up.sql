-- Rights as PostgreSQL keeps them: group roles of this database, and policies by lab on every table.
-- What a session may do in detail is decided in core/store/rights.h; the policies are the wall behind
-- it, for whoever comes with another program. Grades as there: 1 view, 2 edit, 3 operate,
-- 4 administer.

-- Roles belong to the whole server: the number of the database keeps those of two apart, also after
-- a database was renamed.
CREATE FUNCTION birch_group(wanted TEXT) RETURNS TEXT LANGUAGE sql STABLE AS $$
    SELECT 'birch_' || wanted || '_' || oid FROM pg_database WHERE datname = current_database()
$$;

-- What a user was given; the same as core/store/rights_reader.cpp asks on SQLite.
CREATE FUNCTION birch_grants(of_user BIGINT)
RETURNS TABLE (kind TEXT, row_id BIGINT, object_id BIGINT, grade BIGINT, end_a BIGINT, end_b BIGINT,
               left_a TEXT, left_b TEXT)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    RETURN QUERY
    SELECT 'labs'::text, m.lab_id, 0::bigint, CASE m.access_role WHEN 'admin' THEN 4
            WHEN 'operator' THEN 3 ELSE 1 END::bigint, m.access_expires_at, NULL::bigint,
            m.left_on, NULL::text
        FROM lab_members m WHERE m.user_id = of_user AND m.is_active AND m.trashed_at IS NULL
    UNION ALL
    SELECT 'projects', p.project_id, 0, CASE p.role WHEN 'lead' THEN 3 WHEN 'advisor' THEN 1
            ELSE 2 END, p.access_expires_at, m.access_expires_at, p.left_on, m.left_on
        FROM project_members p JOIN lab_members m ON m.id = p.member_id
        WHERE m.user_id = of_user AND p.is_active AND p.trashed_at IS NULL
            AND m.is_active AND m.trashed_at IS NULL
    UNION ALL
    SELECT o.kind, o.row_id, o.id, CASE a.access_level WHEN 'full' THEN 3 WHEN 'edit' THEN 2
            ELSE 1 END, a.expires_at, m.access_expires_at, n.left_on, m.left_on
        FROM team_access a JOIN teams t ON t.id = a.team_id JOIN team_members n ON n.team_id = t.id
            JOIN lab_members m ON m.id = n.member_id JOIN objects o ON o.id = a.object_id
        WHERE m.user_id = of_user AND a.is_active AND a.trashed_at IS NULL
            AND t.is_active AND t.trashed_at IS NULL AND n.is_active AND n.trashed_at IS NULL
            AND m.is_active AND m.trashed_at IS NULL
    UNION ALL
    SELECT o.kind, o.row_id, o.id, CASE a.access_level WHEN 'full' THEN 3 WHEN 'edit' THEN 2
            ELSE 1 END, a.expires_at, NULL, NULL, NULL
        FROM item_guests a JOIN objects o ON o.id = a.object_id
        WHERE a.user_id = of_user AND a.is_active AND a.trashed_at IS NULL;
END
$$;

-- Nobody is member of a lab here, and this user is nobody's guest: everything is open.
CREATE FUNCTION birch_is_open(of_user BIGINT) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    RETURN NOT EXISTS (SELECT 1 FROM lab_members WHERE user_id IS NOT NULL AND trashed_at IS NULL)
        AND NOT EXISTS (SELECT 1 FROM item_guests WHERE user_id = of_user AND trashed_at IS NULL);
END
$$;

-- The user that a role is, and the most that counts for it; 0 for a role that is no user.
CREATE FUNCTION birch_user(who NAME, OUT user_id BIGINT, OUT most BIGINT)
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
BEGIN
    SELECT u.id, CASE WHEN NOT u.is_active OR u.trashed_at IS NOT NULL THEN 0
                      WHEN u.role = 'viewer' THEN 1 ELSE 4 END
        INTO user_id, most FROM users u WHERE u.username = who;
    user_id := coalesce(user_id, 0);
    most := coalesce(most, 4);
END
$$;

-- Rows of a kind ('labs', 'projects', a table; 'objects' for rows of that table) of which who was
-- given at least a grade, at this moment. One evaluation per statement: policies ask in a sub-select.
CREATE FUNCTION birch_given(who NAME, wanted TEXT, at_least BIGINT) RETURNS BIGINT[]
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    me RECORD;
    today TEXT;
    now_us BIGINT;
BEGIN
    -- One statement for most calls: they come with every chunk that a station stores.
    SELECT u.id AS user_id, CASE WHEN NOT u.is_active OR u.trashed_at IS NOT NULL THEN 0
                                 WHEN u.role = 'viewer' THEN 1 ELSE 4 END AS most,
            EXISTS (SELECT 1 FROM item_guests g WHERE g.user_id = u.id AND g.trashed_at IS NULL)
            AS is_guest INTO me FROM users u WHERE u.username = who;
    IF me.most < at_least THEN
        RETURN '{}';
    END IF;
    IF NOT coalesce(me.is_guest, false) AND NOT EXISTS (SELECT 1 FROM lab_members
            WHERE user_id IS NOT NULL AND trashed_at IS NULL) THEN
        RETURN CASE WHEN wanted = 'labs' AND at_least <= 3 THEN ARRAY(SELECT id FROM labs)
                    ELSE '{}' END;
    END IF;
    today := to_char(now() AT TIME ZONE 'UTC', 'YYYY-MM-DD');
    now_us := (extract(epoch FROM now()) * 1000000)::bigint;
    IF wanted = 'labs' AND NOT coalesce(me.is_guest, false) AND NOT EXISTS (SELECT 1
            FROM team_members n JOIN lab_members m ON m.id = n.member_id
            WHERE m.user_id = me.user_id) THEN
        RETURN ARRAY(SELECT m.lab_id FROM lab_members m
            WHERE m.user_id = me.user_id AND m.is_active AND m.trashed_at IS NULL
                AND CASE m.access_role WHEN 'admin' THEN 4 WHEN 'operator' THEN 3 ELSE 1 END
                    >= at_least
                AND (m.access_expires_at IS NULL OR m.access_expires_at > now_us)
                AND (m.left_on IS NULL OR m.left_on >= today));
    END IF;
    RETURN ARRAY(SELECT DISTINCT CASE WHEN wanted = 'objects' THEN g.object_id ELSE g.row_id END
        FROM birch_grants(me.user_id) g
        WHERE (g.kind = wanted OR (wanted = 'objects' AND g.object_id <> 0)) AND g.grade >= at_least
            AND (g.end_a IS NULL OR g.end_a > now_us) AND (g.end_b IS NULL OR g.end_b > now_us)
            AND (g.left_a IS NULL OR g.left_a >= today) AND (g.left_b IS NULL OR g.left_b >= today));
END
$$;

-- Whether who was given anything but labs: all others need not look further.
CREATE FUNCTION birch_is_guest(who NAME) RETURNS BOOLEAN
LANGUAGE plpgsql STABLE SECURITY DEFINER SET search_path FROM CURRENT AS $$
DECLARE
    me RECORD;
BEGIN
    me := birch_user(who);
    RETURN EXISTS (SELECT 1 FROM birch_grants(me.user_id) g WHERE g.kind <> 'labs');
END
$$;

-- Guests and members of projects: the part of a condition that goes from a row up to what they were
-- given. '' where there is nothing.
CREATE FUNCTION birch_guest_terms(of_table TEXT, alias TEXT, at_least BIGINT, steps INT)
RETURNS TEXT LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    terms TEXT[] := '{}';
    parent RECORD;
    above TEXT;
    other TEXT;
BEGIN
    IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = of_table::regclass AND attname = 'id') THEN
        terms := terms || format('%s.id = ANY ((SELECT birch_given(current_user, %L, %s))::bigint[])',
                                 alias, of_table, at_least);
    END IF;
    IF EXISTS (SELECT 1 FROM pg_attribute WHERE attrelid = of_table::regclass
               AND attname = 'project_id') THEN
        terms := terms || format('%s.project_id = ANY '
            '((SELECT birch_given(current_user, ''projects'', %s))::bigint[])', alias, at_least);
    END IF;
    IF of_table = 'objects' AND steps < 3 THEN
        FOR other IN SELECT DISTINCT a.attrelid::regclass::text FROM pg_attribute a
                JOIN pg_class c ON c.oid = a.attrelid
                WHERE a.attname = 'project_id' AND c.relkind = 'r'
                    AND c.relnamespace = current_schema()::regnamespace ORDER BY 1 LOOP
            terms := terms || format('(%1$s.kind = %2$L AND EXISTS (SELECT 1 FROM %2$I x%4$s '
                'WHERE x%4$s.id = %1$s.row_id AND x%4$s.project_id = ANY '
                '((SELECT birch_given(current_user, ''projects'', %3$s))::bigint[])))',
                alias, other, at_least, steps);
        END LOOP;
    END IF;
    SELECT * INTO parent FROM birch_parent(of_table);
    IF parent.parent_table IS NOT NULL AND steps < 4 THEN
        above := birch_guest_terms(parent.parent_table, 'p' || steps, at_least, steps + 1);
        IF above <> '' THEN
            terms := terms || format('EXISTS (SELECT 1 FROM %1$I p%2$s WHERE p%2$s.id = %3$s.%4$I '
                'AND (%5$s))', parent.parent_table, steps, alias, parent.parent_column, above);
        END IF;
    END IF;
    RETURN array_to_string(terms, ' OR ');
END
$$;

-- What a row hangs on: the first reference that takes it along when it is deleted.
CREATE FUNCTION birch_parent(of_table TEXT, OUT parent_table TEXT, OUT parent_column TEXT)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT k.confrelid::regclass::text, a.attname FROM pg_constraint k
        JOIN pg_attribute a ON a.attrelid = k.conrelid AND a.attnum = k.conkey[1]
        WHERE k.conrelid = of_table::regclass AND k.contype = 'f' AND k.confdeltype = 'c'
            AND cardinality(k.conkey) = 1 AND k.confrelid <> k.conrelid
            AND k.confrelid NOT IN ('labs'::regclass, 'users'::regclass)
        ORDER BY k.conkey[1] LIMIT 1
$$;

-- Which rows of a table a role may see (grade 1) or write (2; who belongs where: 4). NULL for a table
-- of which nobody has said where its rows belong.
CREATE FUNCTION birch_rows(of_table TEXT, alias TEXT, at_least BIGINT, steps INT)
RETURNS TEXT LANGUAGE plpgsql STABLE SET search_path FROM CURRENT AS $$
DECLARE
    lab RECORD;
    labs TEXT := format('((SELECT birch_given(current_user, ''labs'', %s))::bigint[])', at_least);
    guests TEXT;
    parent RECORD;
    above TEXT;
BEGIN
    IF of_table = 'labs' THEN
        RETURN format('%s.id = ANY (%s)', alias, labs);
    END IF;
    SELECT a.attnotnull INTO lab FROM pg_attribute a
        WHERE a.attrelid = of_table::regclass AND a.attname = 'lab_id' AND NOT a.attisdropped;
    IF FOUND THEN
        guests := birch_guest_terms(of_table, alias, at_least, steps);
        RETURN format('%s.lab_id = ANY (%s)', alias, labs)
            || CASE WHEN NOT lab.attnotnull AND at_least = 1
                    THEN format(' OR %s.lab_id IS NULL', alias)
                    -- Where nobody is member of a lab, operators keep what is of no lab, too.
                    WHEN NOT lab.attnotnull AND at_least < 4
                    THEN format(' OR (%s.lab_id IS NULL AND (SELECT birch_is_open('
                                '(birch_user(current_user)).user_id)))', alias) ELSE '' END
            || CASE WHEN guests <> '' AND at_least < 4
                    THEN format(' OR ((SELECT birch_is_guest(current_user)) AND (%s))', guests)
                    ELSE '' END;
    END IF;
    SELECT * INTO parent FROM birch_parent(of_table);
    IF parent.parent_table IS NULL OR steps > 3 THEN
        RETURN NULL;
    END IF;
    above := birch_rows(parent.parent_table, 'p' || steps, at_least, steps + 1);
    RETURN CASE WHEN above IS NULL THEN NULL ELSE
        format('EXISTS (SELECT 1 FROM %1$I p%2$s WHERE p%2$s.id = %3$s.%4$I AND (%5$s))',
               parent.parent_table, steps, alias, parent.parent_column, above) END;
END
$$;

-- Tables that are not by lab: what of them a role may read and write. Everything that is in neither
-- is closed to all but the administrators.
CREATE FUNCTION birch_special(of_table TEXT, OUT can_read TEXT, OUT can_write TEXT)
LANGUAGE sql STABLE SET search_path FROM CURRENT AS $$
    SELECT r, w FROM (VALUES
        ('schema_version', 'true', 'false'),
        ('database_info', 'true', 'false'),
        ('id_counters', 'true', 'true'),
        ('settings', 'true', 'scope <> '''''),
        ('user_tokens', 'false', 'false'),
        ('login_failures', 'false', 'false'),
        ('users', 'username = current_user OR (SELECT birch_is_open((birch_user(current_user)).user_id))'
            ' OR EXISTS (SELECT 1 FROM lab_members m WHERE m.user_id = users.id)', 'false'),
        -- 0 is the chain of the whole database: its head is moved by whoever writes to it.
        ('event_chains', 'true', 'true'),
        ('event_log', 'lab_id = ANY ((SELECT birch_given(current_user, ''labs'', 1))::bigint[])',
            'lab_id = 0 OR lab_id = ANY ((SELECT birch_given(current_user, ''labs'', 1))::bigint[])'
            ' OR (SELECT birch_is_guest(current_user))'),
        -- What is stored once for many scans of a lab: also by and for guests who see one of them.
        ('definition_texts',
            'lab_id = ANY ((SELECT birch_given(current_user, ''labs'', 1))::bigint[])'
            ' OR EXISTS (SELECT 1 FROM scans s WHERE s.lab_id = definition_texts.lab_id)',
            'lab_id = ANY ((SELECT birch_given(current_user, ''labs'', 2))::bigint[])'
            ' OR EXISTS (SELECT 1 FROM scans s WHERE s.lab_id = definition_texts.lab_id)'),
        ('user_pins', 'user_id = (birch_user(current_user)).user_id',
            'user_id = (birch_user(current_user)).user_id')
    ) AS special (t, r, w) WHERE t = of_table
$$;

CREATE FUNCTION birch_make_groups() RETURNS BOOLEAN LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    me RECORD;
    word TEXT;
BEGIN
    SELECT rolsuper, rolcreaterole INTO me FROM pg_roles WHERE rolname = current_user;
    FOREACH word IN ARRAY ARRAY['viewer', 'operator', 'admin'] LOOP
        IF NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = birch_group(word)) THEN
            IF NOT (me.rolsuper OR me.rolcreaterole) THEN
                RETURN false;
            END IF;
            EXECUTE format('CREATE ROLE %I NOLOGIN', birch_group(word));
            EXECUTE format('COMMENT ON ROLE %I IS %L', birch_group(word),
                           'Birch: ' || word || ' of ' || current_database());
        END IF;
    END LOOP;
    IF NOT pg_has_role(birch_group('admin'), birch_group('viewer'), 'MEMBER') THEN
        EXECUTE format('GRANT %I TO %I', birch_group('viewer'), birch_group('operator'));
        EXECUTE format('GRANT %I TO %I', birch_group('operator'), birch_group('admin'));
    END IF;
    -- Only a superuser may make a role that no policy holds back; backups of a lesser owner say so.
    word := birch_group('maintenance');
    IF me.rolsuper AND NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = word) THEN
        EXECUTE format('CREATE ROLE %I NOLOGIN BYPASSRLS', word);
        EXECUTE format('COMMENT ON ROLE %I IS %L', word,
                       'Birch: backups of ' || current_database());
        EXECUTE format('GRANT %I TO %I', word, (SELECT pg_get_userbyid(datdba) FROM pg_database
                                                WHERE datname = current_database()));
    END IF;
    RETURN true;
END
$$;

CREATE FUNCTION birch_protect_table(of_table TEXT, administrators TEXT) RETURNS void
LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    people TEXT[] := ARRAY['labs', 'lab_members', 'project_members', 'teams', 'team_members',
                           'team_access', 'item_guests', 'subscribers', 'notification_rules',
                           'notification_log'];
    can RECORD;
    word TEXT;
BEGIN
    SELECT * INTO can FROM birch_special(of_table);
    IF can.can_read IS NULL THEN
        can.can_read := coalesce(birch_rows(of_table, quote_ident(of_table), 1, 0), 'false');
        can.can_write := coalesce(birch_rows(of_table, quote_ident(of_table),
            CASE WHEN of_table = ANY (people) THEN 4 ELSE 2 END, 0), 'false');
    END IF;
    FOR word IN SELECT polname FROM pg_policy
            WHERE polrelid = of_table::regclass AND polname LIKE 'birch\_%' LOOP
        EXECUTE format('DROP POLICY %I ON %I', word, of_table);
    END LOOP;
    EXECUTE format('ALTER TABLE %I ENABLE ROW LEVEL SECURITY', of_table);
    EXECUTE format('ALTER TABLE %I FORCE ROW LEVEL SECURITY', of_table);
    -- A policy that is simply true leaves the plans of administrators as they were.
    EXECUTE format('CREATE POLICY birch_all ON %I TO %s USING (true) WITH CHECK (true)', of_table,
                   administrators);
    EXECUTE format('CREATE POLICY birch_read ON %I FOR SELECT USING (%s)', of_table, can.can_read);
    EXECUTE format('CREATE POLICY birch_add ON %I FOR INSERT WITH CHECK (%s)', of_table,
                   can.can_write);
    EXECUTE format('CREATE POLICY birch_edit ON %1$I FOR UPDATE USING (%2$s) WITH CHECK (%2$s)',
                   of_table, can.can_write);
    EXECUTE format('CREATE POLICY birch_delete ON %I FOR DELETE USING (%s)', of_table,
                   CASE WHEN of_table LIKE 'event\_%' THEN 'false' ELSE can.can_write END);
END
$$;

-- Puts policies and grants on every table there is, and makes the groups. Run at the end of every
-- change of the schema, so that no table stays open; may be run again at any time.
CREATE FUNCTION birch_protect() RETURNS void LANGUAGE plpgsql SET search_path FROM CURRENT AS $$
DECLARE
    has_groups BOOLEAN := birch_make_groups();
    of_table RECORD;
    word TEXT;
BEGIN
    FOR of_table IN SELECT c.relname::text AS name, quote_ident(pg_get_userbyid(c.relowner)) AS owner
            FROM pg_class c WHERE c.relnamespace = current_schema()::regnamespace
            AND c.relkind IN ('r', 'p') AND NOT c.relispartition ORDER BY 1 LOOP
        PERFORM birch_protect_table(of_table.name, of_table.owner
            || CASE WHEN has_groups THEN ', ' || quote_ident(birch_group('admin')) ELSE '' END);
        IF has_groups THEN
            EXECUTE format('GRANT SELECT ON %I TO %I', of_table.name, birch_group('viewer'));
            EXECUTE format('GRANT INSERT, UPDATE, DELETE ON %I TO %I', of_table.name,
                           birch_group('operator'));
            IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = birch_group('maintenance')) THEN
                EXECUTE format('GRANT SELECT ON %I TO %I', of_table.name,
                               birch_group('maintenance'));
            END IF;
        END IF;
    END LOOP;
    -- What keeps tables in step writes for its tables, not for whoever has touched them.
    FOR word IN SELECT p.oid::regprocedure::text FROM pg_proc p
            WHERE p.pronamespace = current_schema()::regnamespace AND p.proname LIKE 'birch\_%'
                AND p.prorettype = 'trigger'::regtype LOOP
        EXECUTE format('ALTER FUNCTION %s SECURITY DEFINER SET search_path FROM CURRENT', word);
    END LOOP;
    IF has_groups THEN
        EXECUTE format('REVOKE ALL ON DATABASE %I FROM PUBLIC', current_database());
        EXECUTE format('GRANT CONNECT ON DATABASE %I TO %I', current_database(),
                       birch_group('viewer'));
        EXECUTE format('REVOKE CREATE ON SCHEMA %I FROM PUBLIC', current_schema());
        EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(), birch_group('viewer'));
        IF EXISTS (SELECT 1 FROM pg_roles WHERE rolname = birch_group('maintenance')) THEN
            EXECUTE format('GRANT USAGE ON SCHEMA %I TO %I', current_schema(),
                           birch_group('maintenance'));
            EXECUTE format('GRANT SELECT ON ALL SEQUENCES IN SCHEMA %I TO %I', current_schema(),
                           birch_group('maintenance'));
        END IF;
    END IF;
END
$$;
