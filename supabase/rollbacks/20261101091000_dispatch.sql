-- Undoes 20261101091000_dispatch.sql.

drop function pipeline.watch(numeric);
drop function pipeline.wake(pipeline.stages, timestamptz);
drop function pipeline.is_held(pipeline.stages, timestamptz);
drop function pipeline.dispatch();
drop function pipeline.ready_items(pipeline.stages, timestamptz);
drop function pipeline.call_function(text);
