DROP TABLE analysis_arrays;
