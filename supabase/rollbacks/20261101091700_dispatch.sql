-- Undoes 20261101091700_dispatch.sql.

drop function pipeline.dispatch();
drop function pipeline.wake(pipeline.stages, timestamptz);
drop function pipeline.call_function(text);
drop function pipeline.is_held(pipeline.stages, timestamptz);
drop table pipeline.wake_ups;
