CREATE TRIGGER instrument_presets_object_added AFTER INSERT ON instrument_presets BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('instrument_presets', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER instrument_presets_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON instrument_presets BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'instrument_presets' AND row_id = NEW.id;
END;
CREATE TRIGGER instrument_presets_object_removed AFTER DELETE ON instrument_presets BEGIN
    DELETE FROM objects WHERE kind = 'instrument_presets' AND row_id = OLD.id;
END;

