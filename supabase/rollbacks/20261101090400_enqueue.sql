-- Undoes 20261101090400_enqueue.sql.

drop function pipeline.last_turn(text, uuid, bigint);
drop function pipeline.enqueue(text, bigint[], uuid[], int[], text);
drop sequence pipeline.arrivals_dispatched;
drop sequence pipeline.arrivals;
