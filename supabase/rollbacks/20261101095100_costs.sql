-- Undoes 20261101095100_costs.sql.

drop view pipeline.duplicate_spend;
drop view pipeline.cost_per_day;
drop view pipeline.cost_per_recording;
