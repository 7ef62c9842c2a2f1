-- The triggers of all tables go with the function.
DROP FUNCTION birch_keep_object() CASCADE;
