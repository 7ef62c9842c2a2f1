DROP TABLE scan_template_versions;
