CREATE TRIGGER labs_object_added AFTER INSERT ON labs BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('labs', NEW.id, NEW.uid, NEW.id, NEW.trashed_at);
END;
CREATE TRIGGER labs_object_changed AFTER UPDATE OF uid, trashed_at ON labs BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.id, trashed_at = NEW.trashed_at
        WHERE kind = 'labs' AND row_id = NEW.id;
END;
CREATE TRIGGER labs_object_removed AFTER DELETE ON labs BEGIN
    DELETE FROM objects WHERE kind = 'labs' AND row_id = OLD.id;
END;

CREATE TRIGGER projects_object_added AFTER INSERT ON projects BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('projects', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER projects_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON projects BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'projects' AND row_id = NEW.id;
END;
CREATE TRIGGER projects_object_removed AFTER DELETE ON projects BEGIN
    DELETE FROM objects WHERE kind = 'projects' AND row_id = OLD.id;
END;

CREATE TRIGGER users_object_added AFTER INSERT ON users BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('users', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER users_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON users BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'users' AND row_id = NEW.id;
END;
CREATE TRIGGER users_object_removed AFTER DELETE ON users BEGIN
    DELETE FROM objects WHERE kind = 'users' AND row_id = OLD.id;
END;

CREATE TRIGGER lab_members_object_added AFTER INSERT ON lab_members BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('lab_members', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER lab_members_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON lab_members BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'lab_members' AND row_id = NEW.id;
END;
CREATE TRIGGER lab_members_object_removed AFTER DELETE ON lab_members BEGIN
    DELETE FROM objects WHERE kind = 'lab_members' AND row_id = OLD.id;
END;

CREATE TRIGGER project_members_object_added AFTER INSERT ON project_members BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('project_members', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER project_members_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON project_members BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'project_members' AND row_id = NEW.id;
END;
CREATE TRIGGER project_members_object_removed AFTER DELETE ON project_members BEGIN
    DELETE FROM objects WHERE kind = 'project_members' AND row_id = OLD.id;
END;

CREATE TRIGGER teams_object_added AFTER INSERT ON teams BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('teams', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER teams_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON teams BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'teams' AND row_id = NEW.id;
END;
CREATE TRIGGER teams_object_removed AFTER DELETE ON teams BEGIN
    DELETE FROM objects WHERE kind = 'teams' AND row_id = OLD.id;
END;

CREATE TRIGGER team_members_object_added AFTER INSERT ON team_members BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('team_members', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER team_members_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON team_members BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'team_members' AND row_id = NEW.id;
END;
CREATE TRIGGER team_members_object_removed AFTER DELETE ON team_members BEGIN
    DELETE FROM objects WHERE kind = 'team_members' AND row_id = OLD.id;
END;

CREATE TRIGGER team_access_object_added AFTER INSERT ON team_access BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('team_access', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER team_access_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON team_access BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'team_access' AND row_id = NEW.id;
END;
CREATE TRIGGER team_access_object_removed AFTER DELETE ON team_access BEGIN
    DELETE FROM objects WHERE kind = 'team_access' AND row_id = OLD.id;
END;

CREATE TRIGGER item_guests_object_added AFTER INSERT ON item_guests BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('item_guests', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER item_guests_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON item_guests BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'item_guests' AND row_id = NEW.id;
END;
CREATE TRIGGER item_guests_object_removed AFTER DELETE ON item_guests BEGIN
    DELETE FROM objects WHERE kind = 'item_guests' AND row_id = OLD.id;
END;

CREATE TRIGGER stations_object_added AFTER INSERT ON stations BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('stations', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER stations_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON stations BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'stations' AND row_id = NEW.id;
END;
CREATE TRIGGER stations_object_removed AFTER DELETE ON stations BEGIN
    DELETE FROM objects WHERE kind = 'stations' AND row_id = OLD.id;
END;

CREATE TRIGGER equipment_object_added AFTER INSERT ON equipment BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('equipment', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER equipment_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON equipment BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'equipment' AND row_id = NEW.id;
END;
CREATE TRIGGER equipment_object_removed AFTER DELETE ON equipment BEGIN
    DELETE FROM objects WHERE kind = 'equipment' AND row_id = OLD.id;
END;

CREATE TRIGGER drivers_object_added AFTER INSERT ON drivers BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('drivers', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER drivers_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON drivers BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'drivers' AND row_id = NEW.id;
END;
CREATE TRIGGER drivers_object_removed AFTER DELETE ON drivers BEGIN
    DELETE FROM objects WHERE kind = 'drivers' AND row_id = OLD.id;
END;

CREATE TRIGGER driver_versions_object_added AFTER INSERT ON driver_versions BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('driver_versions', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER driver_versions_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON driver_versions BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'driver_versions' AND row_id = NEW.id;
END;
CREATE TRIGGER driver_versions_object_removed AFTER DELETE ON driver_versions BEGIN
    DELETE FROM objects WHERE kind = 'driver_versions' AND row_id = OLD.id;
END;

CREATE TRIGGER instruments_object_added AFTER INSERT ON instruments BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('instruments', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER instruments_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON instruments BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'instruments' AND row_id = NEW.id;
END;
CREATE TRIGGER instruments_object_removed AFTER DELETE ON instruments BEGIN
    DELETE FROM objects WHERE kind = 'instruments' AND row_id = OLD.id;
END;

CREATE TRIGGER instrument_status_object_added AFTER INSERT ON instrument_status BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('instrument_status', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER instrument_status_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON instrument_status BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'instrument_status' AND row_id = NEW.id;
END;
CREATE TRIGGER instrument_status_object_removed AFTER DELETE ON instrument_status BEGIN
    DELETE FROM objects WHERE kind = 'instrument_status' AND row_id = OLD.id;
END;

CREATE TRIGGER instrument_bindings_object_added AFTER INSERT ON instrument_bindings BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('instrument_bindings', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER instrument_bindings_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON instrument_bindings BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'instrument_bindings' AND row_id = NEW.id;
END;
CREATE TRIGGER instrument_bindings_object_removed AFTER DELETE ON instrument_bindings BEGIN
    DELETE FROM objects WHERE kind = 'instrument_bindings' AND row_id = OLD.id;
END;

CREATE TRIGGER calibrations_object_added AFTER INSERT ON calibrations BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('calibrations', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER calibrations_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON calibrations BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'calibrations' AND row_id = NEW.id;
END;
CREATE TRIGGER calibrations_object_removed AFTER DELETE ON calibrations BEGIN
    DELETE FROM objects WHERE kind = 'calibrations' AND row_id = OLD.id;
END;

CREATE TRIGGER booking_rules_object_added AFTER INSERT ON booking_rules BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('booking_rules', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER booking_rules_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON booking_rules BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'booking_rules' AND row_id = NEW.id;
END;
CREATE TRIGGER booking_rules_object_removed AFTER DELETE ON booking_rules BEGIN
    DELETE FROM objects WHERE kind = 'booking_rules' AND row_id = OLD.id;
END;

CREATE TRIGGER bookings_object_added AFTER INSERT ON bookings BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('bookings', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER bookings_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON bookings BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'bookings' AND row_id = NEW.id;
END;
CREATE TRIGGER bookings_object_removed AFTER DELETE ON bookings BEGIN
    DELETE FROM objects WHERE kind = 'bookings' AND row_id = OLD.id;
END;

CREATE TRIGGER calendar_events_object_added AFTER INSERT ON calendar_events BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('calendar_events', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER calendar_events_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON calendar_events BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'calendar_events' AND row_id = NEW.id;
END;
CREATE TRIGGER calendar_events_object_removed AFTER DELETE ON calendar_events BEGIN
    DELETE FROM objects WHERE kind = 'calendar_events' AND row_id = OLD.id;
END;

CREATE TRIGGER issues_object_added AFTER INSERT ON issues BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('issues', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER issues_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON issues BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'issues' AND row_id = NEW.id;
END;
CREATE TRIGGER issues_object_removed AFTER DELETE ON issues BEGIN
    DELETE FROM objects WHERE kind = 'issues' AND row_id = OLD.id;
END;

CREATE TRIGGER issue_updates_object_added AFTER INSERT ON issue_updates BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('issue_updates', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER issue_updates_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON issue_updates BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'issue_updates' AND row_id = NEW.id;
END;
CREATE TRIGGER issue_updates_object_removed AFTER DELETE ON issue_updates BEGIN
    DELETE FROM objects WHERE kind = 'issue_updates' AND row_id = OLD.id;
END;

CREATE TRIGGER maintenance_tasks_object_added AFTER INSERT ON maintenance_tasks BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('maintenance_tasks', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER maintenance_tasks_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON maintenance_tasks BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'maintenance_tasks' AND row_id = NEW.id;
END;
CREATE TRIGGER maintenance_tasks_object_removed AFTER DELETE ON maintenance_tasks BEGIN
    DELETE FROM objects WHERE kind = 'maintenance_tasks' AND row_id = OLD.id;
END;

CREATE TRIGGER precursors_object_added AFTER INSERT ON precursors BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('precursors', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER precursors_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON precursors BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'precursors' AND row_id = NEW.id;
END;
CREATE TRIGGER precursors_object_removed AFTER DELETE ON precursors BEGIN
    DELETE FROM objects WHERE kind = 'precursors' AND row_id = OLD.id;
END;

CREATE TRIGGER precursor_inventory_object_added AFTER INSERT ON precursor_inventory BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('precursor_inventory', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER precursor_inventory_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON precursor_inventory BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'precursor_inventory' AND row_id = NEW.id;
END;
CREATE TRIGGER precursor_inventory_object_removed AFTER DELETE ON precursor_inventory BEGIN
    DELETE FROM objects WHERE kind = 'precursor_inventory' AND row_id = OLD.id;
END;

CREATE TRIGGER wastes_object_added AFTER INSERT ON wastes BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('wastes', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER wastes_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON wastes BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'wastes' AND row_id = NEW.id;
END;
CREATE TRIGGER wastes_object_removed AFTER DELETE ON wastes BEGIN
    DELETE FROM objects WHERE kind = 'wastes' AND row_id = OLD.id;
END;

CREATE TRIGGER waste_hazard_classes_object_added AFTER INSERT ON waste_hazard_classes BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('waste_hazard_classes', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER waste_hazard_classes_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON waste_hazard_classes BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'waste_hazard_classes' AND row_id = NEW.id;
END;
CREATE TRIGGER waste_hazard_classes_object_removed AFTER DELETE ON waste_hazard_classes BEGIN
    DELETE FROM objects WHERE kind = 'waste_hazard_classes' AND row_id = OLD.id;
END;

CREATE TRIGGER waste_precursors_object_added AFTER INSERT ON waste_precursors BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('waste_precursors', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER waste_precursors_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON waste_precursors BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'waste_precursors' AND row_id = NEW.id;
END;
CREATE TRIGGER waste_precursors_object_removed AFTER DELETE ON waste_precursors BEGIN
    DELETE FROM objects WHERE kind = 'waste_precursors' AND row_id = OLD.id;
END;

CREATE TRIGGER samples_object_added AFTER INSERT ON samples BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('samples', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER samples_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON samples BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'samples' AND row_id = NEW.id;
END;
CREATE TRIGGER samples_object_removed AFTER DELETE ON samples BEGIN
    DELETE FROM objects WHERE kind = 'samples' AND row_id = OLD.id;
END;

CREATE TRIGGER sample_precursors_object_added AFTER INSERT ON sample_precursors BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('sample_precursors', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER sample_precursors_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON sample_precursors BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'sample_precursors' AND row_id = NEW.id;
END;
CREATE TRIGGER sample_precursors_object_removed AFTER DELETE ON sample_precursors BEGIN
    DELETE FROM objects WHERE kind = 'sample_precursors' AND row_id = OLD.id;
END;

CREATE TRIGGER sample_parents_object_added AFTER INSERT ON sample_parents BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('sample_parents', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER sample_parents_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON sample_parents BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'sample_parents' AND row_id = NEW.id;
END;
CREATE TRIGGER sample_parents_object_removed AFTER DELETE ON sample_parents BEGIN
    DELETE FROM objects WHERE kind = 'sample_parents' AND row_id = OLD.id;
END;

CREATE TRIGGER procedures_object_added AFTER INSERT ON procedures BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('procedures', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER procedures_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON procedures BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'procedures' AND row_id = NEW.id;
END;
CREATE TRIGGER procedures_object_removed AFTER DELETE ON procedures BEGIN
    DELETE FROM objects WHERE kind = 'procedures' AND row_id = OLD.id;
END;

CREATE TRIGGER procedure_equipment_object_added AFTER INSERT ON procedure_equipment BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('procedure_equipment', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER procedure_equipment_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON procedure_equipment BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'procedure_equipment' AND row_id = NEW.id;
END;
CREATE TRIGGER procedure_equipment_object_removed AFTER DELETE ON procedure_equipment BEGIN
    DELETE FROM objects WHERE kind = 'procedure_equipment' AND row_id = OLD.id;
END;

CREATE TRIGGER procedure_precursors_object_added AFTER INSERT ON procedure_precursors BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('procedure_precursors', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER procedure_precursors_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON procedure_precursors BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'procedure_precursors' AND row_id = NEW.id;
END;
CREATE TRIGGER procedure_precursors_object_removed AFTER DELETE ON procedure_precursors BEGIN
    DELETE FROM objects WHERE kind = 'procedure_precursors' AND row_id = OLD.id;
END;

CREATE TRIGGER fabrication_runs_object_added AFTER INSERT ON fabrication_runs BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('fabrication_runs', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER fabrication_runs_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON fabrication_runs BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'fabrication_runs' AND row_id = NEW.id;
END;
CREATE TRIGGER fabrication_runs_object_removed AFTER DELETE ON fabrication_runs BEGIN
    DELETE FROM objects WHERE kind = 'fabrication_runs' AND row_id = OLD.id;
END;

CREATE TRIGGER fabrication_run_equipment_object_added AFTER INSERT ON fabrication_run_equipment BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('fabrication_run_equipment', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER fabrication_run_equipment_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON fabrication_run_equipment BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'fabrication_run_equipment' AND row_id = NEW.id;
END;
CREATE TRIGGER fabrication_run_equipment_object_removed AFTER DELETE ON fabrication_run_equipment BEGIN
    DELETE FROM objects WHERE kind = 'fabrication_run_equipment' AND row_id = OLD.id;
END;

CREATE TRIGGER fabrication_run_precursors_object_added AFTER INSERT ON fabrication_run_precursors BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('fabrication_run_precursors', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER fabrication_run_precursors_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON fabrication_run_precursors BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'fabrication_run_precursors' AND row_id = NEW.id;
END;
CREATE TRIGGER fabrication_run_precursors_object_removed AFTER DELETE ON fabrication_run_precursors BEGIN
    DELETE FROM objects WHERE kind = 'fabrication_run_precursors' AND row_id = OLD.id;
END;

CREATE TRIGGER scan_templates_object_added AFTER INSERT ON scan_templates BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('scan_templates', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER scan_templates_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON scan_templates BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'scan_templates' AND row_id = NEW.id;
END;
CREATE TRIGGER scan_templates_object_removed AFTER DELETE ON scan_templates BEGIN
    DELETE FROM objects WHERE kind = 'scan_templates' AND row_id = OLD.id;
END;

CREATE TRIGGER queue_templates_object_added AFTER INSERT ON queue_templates BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('queue_templates', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER queue_templates_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON queue_templates BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'queue_templates' AND row_id = NEW.id;
END;
CREATE TRIGGER queue_templates_object_removed AFTER DELETE ON queue_templates BEGIN
    DELETE FROM objects WHERE kind = 'queue_templates' AND row_id = OLD.id;
END;

CREATE TRIGGER queue_template_items_object_added AFTER INSERT ON queue_template_items BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('queue_template_items', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER queue_template_items_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON queue_template_items BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'queue_template_items' AND row_id = NEW.id;
END;
CREATE TRIGGER queue_template_items_object_removed AFTER DELETE ON queue_template_items BEGIN
    DELETE FROM objects WHERE kind = 'queue_template_items' AND row_id = OLD.id;
END;

CREATE TRIGGER analysis_methods_object_added AFTER INSERT ON analysis_methods BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('analysis_methods', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER analysis_methods_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON analysis_methods BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'analysis_methods' AND row_id = NEW.id;
END;
CREATE TRIGGER analysis_methods_object_removed AFTER DELETE ON analysis_methods BEGIN
    DELETE FROM objects WHERE kind = 'analysis_methods' AND row_id = OLD.id;
END;

CREATE TRIGGER analyses_object_added AFTER INSERT ON analyses BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('analyses', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER analyses_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON analyses BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'analyses' AND row_id = NEW.id;
END;
CREATE TRIGGER analyses_object_removed AFTER DELETE ON analyses BEGIN
    DELETE FROM objects WHERE kind = 'analyses' AND row_id = OLD.id;
END;

CREATE TRIGGER analysis_inputs_object_added AFTER INSERT ON analysis_inputs BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('analysis_inputs', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER analysis_inputs_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON analysis_inputs BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'analysis_inputs' AND row_id = NEW.id;
END;
CREATE TRIGGER analysis_inputs_object_removed AFTER DELETE ON analysis_inputs BEGIN
    DELETE FROM objects WHERE kind = 'analysis_inputs' AND row_id = OLD.id;
END;

CREATE TRIGGER analysis_results_object_added AFTER INSERT ON analysis_results BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('analysis_results', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER analysis_results_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON analysis_results BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'analysis_results' AND row_id = NEW.id;
END;
CREATE TRIGGER analysis_results_object_removed AFTER DELETE ON analysis_results BEGIN
    DELETE FROM objects WHERE kind = 'analysis_results' AND row_id = OLD.id;
END;

CREATE TRIGGER analysis_batches_object_added AFTER INSERT ON analysis_batches BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('analysis_batches', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER analysis_batches_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON analysis_batches BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'analysis_batches' AND row_id = NEW.id;
END;
CREATE TRIGGER analysis_batches_object_removed AFTER DELETE ON analysis_batches BEGIN
    DELETE FROM objects WHERE kind = 'analysis_batches' AND row_id = OLD.id;
END;

CREATE TRIGGER analysis_batch_items_object_added AFTER INSERT ON analysis_batch_items BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('analysis_batch_items', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER analysis_batch_items_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON analysis_batch_items BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'analysis_batch_items' AND row_id = NEW.id;
END;
CREATE TRIGGER analysis_batch_items_object_removed AFTER DELETE ON analysis_batch_items BEGIN
    DELETE FROM objects WHERE kind = 'analysis_batch_items' AND row_id = OLD.id;
END;

CREATE TRIGGER tags_object_added AFTER INSERT ON tags BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('tags', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER tags_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON tags BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'tags' AND row_id = NEW.id;
END;
CREATE TRIGGER tags_object_removed AFTER DELETE ON tags BEGIN
    DELETE FROM objects WHERE kind = 'tags' AND row_id = OLD.id;
END;

CREATE TRIGGER object_tags_object_added AFTER INSERT ON object_tags BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('object_tags', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER object_tags_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON object_tags BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'object_tags' AND row_id = NEW.id;
END;
CREATE TRIGGER object_tags_object_removed AFTER DELETE ON object_tags BEGIN
    DELETE FROM objects WHERE kind = 'object_tags' AND row_id = OLD.id;
END;

CREATE TRIGGER attachments_object_added AFTER INSERT ON attachments BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('attachments', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER attachments_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON attachments BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'attachments' AND row_id = NEW.id;
END;
CREATE TRIGGER attachments_object_removed AFTER DELETE ON attachments BEGIN
    DELETE FROM objects WHERE kind = 'attachments' AND row_id = OLD.id;
END;

CREATE TRIGGER collections_object_added AFTER INSERT ON collections BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('collections', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER collections_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON collections BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'collections' AND row_id = NEW.id;
END;
CREATE TRIGGER collections_object_removed AFTER DELETE ON collections BEGIN
    DELETE FROM objects WHERE kind = 'collections' AND row_id = OLD.id;
END;

CREATE TRIGGER collection_items_object_added AFTER INSERT ON collection_items BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('collection_items', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER collection_items_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON collection_items BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'collection_items' AND row_id = NEW.id;
END;
CREATE TRIGGER collection_items_object_removed AFTER DELETE ON collection_items BEGIN
    DELETE FROM objects WHERE kind = 'collection_items' AND row_id = OLD.id;
END;

CREATE TRIGGER locations_object_added AFTER INSERT ON locations BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('locations', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER locations_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON locations BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'locations' AND row_id = NEW.id;
END;
CREATE TRIGGER locations_object_removed AFTER DELETE ON locations BEGIN
    DELETE FROM objects WHERE kind = 'locations' AND row_id = OLD.id;
END;

CREATE TRIGGER placements_object_added AFTER INSERT ON placements BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('placements', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER placements_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON placements BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'placements' AND row_id = NEW.id;
END;
CREATE TRIGGER placements_object_removed AFTER DELETE ON placements BEGIN
    DELETE FROM objects WHERE kind = 'placements' AND row_id = OLD.id;
END;

CREATE TRIGGER publications_object_added AFTER INSERT ON publications BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('publications', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER publications_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON publications BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'publications' AND row_id = NEW.id;
END;
CREATE TRIGGER publications_object_removed AFTER DELETE ON publications BEGIN
    DELETE FROM objects WHERE kind = 'publications' AND row_id = OLD.id;
END;

CREATE TRIGGER publication_items_object_added AFTER INSERT ON publication_items BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('publication_items', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER publication_items_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON publication_items BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'publication_items' AND row_id = NEW.id;
END;
CREATE TRIGGER publication_items_object_removed AFTER DELETE ON publication_items BEGIN
    DELETE FROM objects WHERE kind = 'publication_items' AND row_id = OLD.id;
END;

CREATE TRIGGER templates_object_added AFTER INSERT ON templates BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('templates', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER templates_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON templates BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'templates' AND row_id = NEW.id;
END;
CREATE TRIGGER templates_object_removed AFTER DELETE ON templates BEGIN
    DELETE FROM objects WHERE kind = 'templates' AND row_id = OLD.id;
END;

CREATE TRIGGER user_pins_object_added AFTER INSERT ON user_pins BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('user_pins', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER user_pins_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON user_pins BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'user_pins' AND row_id = NEW.id;
END;
CREATE TRIGGER user_pins_object_removed AFTER DELETE ON user_pins BEGIN
    DELETE FROM objects WHERE kind = 'user_pins' AND row_id = OLD.id;
END;

CREATE TRIGGER subscribers_object_added AFTER INSERT ON subscribers BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('subscribers', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER subscribers_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON subscribers BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'subscribers' AND row_id = NEW.id;
END;
CREATE TRIGGER subscribers_object_removed AFTER DELETE ON subscribers BEGIN
    DELETE FROM objects WHERE kind = 'subscribers' AND row_id = OLD.id;
END;

CREATE TRIGGER notification_rules_object_added AFTER INSERT ON notification_rules BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('notification_rules', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER notification_rules_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON notification_rules BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'notification_rules' AND row_id = NEW.id;
END;
CREATE TRIGGER notification_rules_object_removed AFTER DELETE ON notification_rules BEGIN
    DELETE FROM objects WHERE kind = 'notification_rules' AND row_id = OLD.id;
END;

CREATE TRIGGER notification_log_object_added AFTER INSERT ON notification_log BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('notification_log', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER notification_log_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON notification_log BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'notification_log' AND row_id = NEW.id;
END;
CREATE TRIGGER notification_log_object_removed AFTER DELETE ON notification_log BEGIN
    DELETE FROM objects WHERE kind = 'notification_log' AND row_id = OLD.id;
END;

CREATE TRIGGER scans_object_added AFTER INSERT ON scans BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('scans', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER scans_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON scans BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'scans' AND row_id = NEW.id;
END;
CREATE TRIGGER scans_object_removed AFTER DELETE ON scans BEGIN
    DELETE FROM objects WHERE kind = 'scans' AND row_id = OLD.id;
END;

CREATE TRIGGER queues_object_added AFTER INSERT ON queues BEGIN
    INSERT INTO objects (kind, row_id, uid, lab_id, trashed_at)
        VALUES ('queues', NEW.id, NEW.uid, NEW.lab_id, NEW.trashed_at);
END;
CREATE TRIGGER queues_object_changed AFTER UPDATE OF uid, lab_id, trashed_at ON queues BEGIN
    UPDATE objects SET uid = NEW.uid, lab_id = NEW.lab_id, trashed_at = NEW.trashed_at
        WHERE kind = 'queues' AND row_id = NEW.id;
END;
CREATE TRIGGER queues_object_removed AFTER DELETE ON queues BEGIN
    DELETE FROM objects WHERE kind = 'queues' AND row_id = OLD.id;
END;

