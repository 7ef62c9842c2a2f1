DROP INDEX fabrication_runs_newest;
DROP INDEX attachments_newest;
DROP INDEX analysis_results_newest;
DROP INDEX analyses_newest;
DROP INDEX samples_newest;
DROP INDEX objects_kind;
DROP INDEX objects_title;
DROP TABLE object_counts;
