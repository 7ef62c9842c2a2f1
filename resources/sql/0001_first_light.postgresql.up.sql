CREATE TABLE data_chunks (
    measurement_object_id BIGINT NOT NULL REFERENCES measurement_objects (id) ON DELETE CASCADE,
    column_index BIGINT NOT NULL,
    first_row BIGINT NOT NULL,
    lab_id BIGINT NOT NULL,
    row_count BIGINT NOT NULL,
    codec BIGINT NOT NULL,
    min_value BYTEA,
    max_value BYTEA,
    flagged_count BIGINT NOT NULL,
    payload BYTEA NOT NULL,
    flags BYTEA,
    PRIMARY KEY (measurement_object_id, column_index, first_row)
) PARTITION BY HASH (measurement_object_id);

-- The payload is compressed already: EXTERNAL spares the server a second try.
DO $$
BEGIN
    FOR part IN 0..31 LOOP
        EXECUTE format('CREATE TABLE data_chunks_%s PARTITION OF data_chunks '
                       'FOR VALUES WITH (MODULUS 32, REMAINDER %s)', lpad(part::text, 2, '0'), part);
        EXECUTE format('ALTER TABLE data_chunks_%s ALTER COLUMN payload SET STORAGE EXTERNAL',
                       lpad(part::text, 2, '0'));
    END LOOP;
END
$$;
