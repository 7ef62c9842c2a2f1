DROP TABLE scan_definitions;
DROP TABLE definition_texts;
