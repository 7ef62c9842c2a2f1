CREATE TRIGGER instrument_presets_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON instrument_presets
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
SELECT birch_announce_changes_of('instrument_presets');

