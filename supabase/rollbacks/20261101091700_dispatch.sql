-- Undoes 20261101091700_dispatch.sql.

drop function pipeline.dispatch();
drop function pipeline.wake(pipeline.stages, timestamptz);
drop function pipeline.call_function(text);
drop function pipeline.is_held(pipeline.stages, timestamptz);
drop function pipeline.ready_items(text, int, int);
drop function pipeline.recognise_uploads(interval);
drop table pipeline.wake_ups;
