ALTER TABLE instrument_bindings DROP COLUMN definition;
ALTER TABLE instrument_bindings DROP COLUMN last_settings_at;
DROP INDEX instrument_status_by_station_nickname_at;
ALTER TABLE instrument_status DROP COLUMN event;
ALTER TABLE instrument_status DROP COLUMN fault;
ALTER TABLE instrument_status DROP COLUMN attempt;
ALTER TABLE instrument_status DROP COLUMN station;
ALTER TABLE instrument_status DROP COLUMN nickname;
DROP TABLE instrument_presets;
