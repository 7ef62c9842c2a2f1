-- Every version of a stored tree, the present one among them: a tree may include an earlier one. The
-- store writes a row with each change of a tree, and never changes one.
CREATE TABLE scan_template_versions (
    template_id {int} NOT NULL REFERENCES scan_templates (id) ON DELETE CASCADE,
    version {int} NOT NULL,
    tree {json} NOT NULL,
    created_at {int} NOT NULL,
    created_by {text} NOT NULL,
    PRIMARY KEY (template_id, version)
){strict};
INSERT INTO scan_template_versions (template_id, version, tree, created_at, created_by)
    SELECT id, version, tree, updated_at, updated_by FROM scan_templates;
