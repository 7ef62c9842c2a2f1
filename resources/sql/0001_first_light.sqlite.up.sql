CREATE TABLE data_chunks (
    measurement_object_id INTEGER NOT NULL REFERENCES measurement_objects (id) ON DELETE CASCADE,
    column_index INTEGER NOT NULL,
    first_row INTEGER NOT NULL,
    lab_id INTEGER NOT NULL,
    row_count INTEGER NOT NULL,
    codec INTEGER NOT NULL,
    min_value BLOB,
    max_value BLOB,
    flagged_count INTEGER NOT NULL,
    payload BLOB NOT NULL,
    flags BLOB,
    PRIMARY KEY (measurement_object_id, column_index, first_row)
) STRICT;
