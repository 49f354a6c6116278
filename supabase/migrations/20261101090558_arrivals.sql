-- How many times items became ready: an upload, a retry, other words, the results of a stage.
-- pipeline.watch() looks at it instead of at the tables. Sequences, because they take no lock that
-- anybody waits for; that they count what is rolled back too costs one look in vain.

create sequence pipeline.arrivals as bigint minvalue 0 start 0;
create sequence pipeline.arrivals_dispatched as bigint minvalue 0 start 0;

comment on sequence pipeline.arrivals is 'Counts the times that items became ready.';
comment on sequence pipeline.arrivals_dispatched is 'The last arrival that was dispatched.';

revoke all on sequence pipeline.arrivals, pipeline.arrivals_dispatched
from public, anon, authenticated, service_role;
grant select, usage, update on sequence pipeline.arrivals, pipeline.arrivals_dispatched
to service_role;

-- The first arrival is 1: a fresh sequence would give its start, which looks like none.
select setval('pipeline.arrivals', 0);
