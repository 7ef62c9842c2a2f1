CREATE FUNCTION birch_keep_object() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lab BIGINT;
BEGIN
    IF TG_OP = 'DELETE' THEN
        DELETE FROM objects WHERE kind = TG_TABLE_NAME AND row_id = OLD.id;
        RETURN NULL;
    END IF;
    -- A lab is in itself.
    lab := CASE WHEN TG_TABLE_NAME = 'labs' THEN NEW.id ELSE (to_jsonb(NEW)->>'lab_id')::BIGINT END;
    IF TG_OP = 'INSERT' THEN
        INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
            VALUES (TG_TABLE_NAME, NEW.id, NEW.uid, lab, NEW.trashed_at);
    ELSE
        UPDATE objects SET uid = NEW.uid, lab_id = lab, trashed_at = NEW.trashed_at
            WHERE kind = TG_TABLE_NAME AND row_id = NEW.id;
    END IF;
    RETURN NULL;
END
$$;

CREATE TRIGGER labs_object AFTER INSERT OR DELETE OR UPDATE OF uid, trashed_at ON labs
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER projects_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON projects
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER users_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON users
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER lab_members_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON lab_members
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER project_members_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON project_members
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER teams_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON teams
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER team_members_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON team_members
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER team_access_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON team_access
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER item_guests_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON item_guests
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER stations_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON stations
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER equipment_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON equipment
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER drivers_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON drivers
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER driver_versions_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON driver_versions
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER instruments_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON instruments
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER instrument_status_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON instrument_status
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER instrument_bindings_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON instrument_bindings
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER calibrations_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON calibrations
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER booking_rules_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON booking_rules
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER bookings_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON bookings
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER calendar_events_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON calendar_events
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER issues_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON issues
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER issue_updates_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON issue_updates
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER maintenance_tasks_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON maintenance_tasks
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER precursors_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON precursors
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER precursor_inventory_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON precursor_inventory
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER wastes_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON wastes
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER waste_hazard_classes_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON waste_hazard_classes
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER waste_precursors_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON waste_precursors
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER samples_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON samples
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER sample_precursors_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON sample_precursors
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER sample_parents_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON sample_parents
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER procedures_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON procedures
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER procedure_equipment_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON procedure_equipment
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER procedure_precursors_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON procedure_precursors
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER fabrication_runs_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON fabrication_runs
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER fabrication_run_equipment_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON fabrication_run_equipment
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER fabrication_run_precursors_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON fabrication_run_precursors
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER scan_templates_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON scan_templates
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER queue_templates_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON queue_templates
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER queue_template_items_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON queue_template_items
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER analysis_methods_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON analysis_methods
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER analyses_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON analyses
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER analysis_inputs_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON analysis_inputs
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER analysis_results_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON analysis_results
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER analysis_batches_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON analysis_batches
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER analysis_batch_items_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON analysis_batch_items
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER tags_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON tags
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER object_tags_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON object_tags
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER attachments_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON attachments
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER collections_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON collections
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER collection_items_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON collection_items
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER locations_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON locations
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER placements_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON placements
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER publications_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON publications
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER publication_items_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON publication_items
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER templates_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON templates
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER user_pins_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON user_pins
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER subscribers_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON subscribers
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER notification_rules_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON notification_rules
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER notification_log_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON notification_log
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER scans_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON scans
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
CREATE TRIGGER queues_object AFTER INSERT OR DELETE OR UPDATE OF uid, lab_id, trashed_at ON queues
    FOR EACH ROW EXECUTE FUNCTION birch_keep_object();
