-- Undoes 20261101101110_slow_metrics.sql.

drop function pipeline.latest_metrics(timestamptz);
drop function pipeline.sample_slow_metrics();
drop function pipeline.sample_whole_tables(timestamptz);
drop function pipeline.sample_sizes(timestamptz);
