DROP TRIGGER objects_words ON objects;
DROP TRIGGER object_tags_words ON object_tags;
DROP FUNCTION birch_spread_words();
DROP FUNCTION birch_keep_words();
DROP FUNCTION birch_object_words(BIGINT, TEXT);
-- The extension stays: others may use it.
DROP INDEX objects_search;
DROP TRIGGER objects_count_changed ON objects;
DROP TRIGGER objects_count_removed ON objects;
DROP TRIGGER objects_count_added ON objects;
DROP FUNCTION birch_count_changed();
DROP FUNCTION birch_count_removed();
DROP FUNCTION birch_count_added();
DROP TRIGGER object_counts_fold ON object_counts;
DROP FUNCTION birch_fold_counts();
