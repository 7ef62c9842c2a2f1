ALTER TABLE scan_documents DROP COLUMN bench;
ALTER TABLE scan_documents DROP COLUMN end_settings;
