-- Undoes 20261101090300_tasks.sql.

drop table pipeline.failures;
drop table pipeline.retries;
drop table pipeline.tasks;
drop sequence pipeline.lease_numbers;
drop domain pipeline.progress;
drop domain pipeline.refusal;
