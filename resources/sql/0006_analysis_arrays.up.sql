-- Array results, in pieces: the codec of data_chunks, float64 without flags.
CREATE TABLE analysis_arrays (
    result_id {int} NOT NULL REFERENCES analysis_results (id) ON DELETE CASCADE,
    first_value {int} NOT NULL,
    lab_id {int} NOT NULL,
    value_count {int} NOT NULL,
    codec {int} NOT NULL,
    payload {bytes} NOT NULL,
    PRIMARY KEY (result_id, first_value)
){strict};
