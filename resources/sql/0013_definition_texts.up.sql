-- The text of every instrument definition that scans of a lab were run with, once. A definition that
-- extends another is the row of its own file; base_id leads to what it extends, as it was then. The
-- version is the hash of the whole chain (core/base/definition_text), so no row ever changes.
CREATE TABLE definition_texts (
    id {id},
    lab_id {int} NOT NULL REFERENCES labs (id) ON DELETE CASCADE,
    version {text} NOT NULL,
    definition {text} NOT NULL,
    name {text} NOT NULL,
    content {bytes} NOT NULL,
    base_id {int} REFERENCES definition_texts (id) ON DELETE CASCADE,
    created_at {int} NOT NULL,
    UNIQUE (lab_id, version)
){strict};
CREATE INDEX definition_texts_base ON definition_texts (base_id);

-- Which of them each instrument of a scan was driven by.
CREATE TABLE scan_definitions (
    scan_id {int} NOT NULL REFERENCES scans (id) ON DELETE CASCADE,
    nickname {text} NOT NULL,
    definition_text_id {int} NOT NULL REFERENCES definition_texts (id) ON DELETE RESTRICT,
    PRIMARY KEY (scan_id, nickname)
){strict};
CREATE INDEX scan_definitions_text ON scan_definitions (definition_text_id);
