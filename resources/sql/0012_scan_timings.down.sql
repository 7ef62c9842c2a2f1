DROP TABLE scan_timings;
