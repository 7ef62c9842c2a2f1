-- What a scan needs to be compared and repeated from its record alone: the settings of its
-- instruments as it left them (as `settings`; {} where nothing was read), and the bench file it ran
-- on: {file, version, text}.
ALTER TABLE scan_documents ADD COLUMN end_settings {text} NOT NULL DEFAULT '{}';
ALTER TABLE scan_documents ADD COLUMN bench {text} NOT NULL DEFAULT '{}';
