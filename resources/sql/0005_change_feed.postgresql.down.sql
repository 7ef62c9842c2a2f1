DROP FUNCTION birch_announce_changes_of(TEXT);
-- The triggers of all tables go with the function.
DROP FUNCTION birch_announce() CASCADE;
