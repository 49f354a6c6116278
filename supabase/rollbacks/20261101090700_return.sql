-- Undoes 20261101090700_return.sql.

drop function pipeline.extend(text, bigint, uuid, int, jsonb);
drop function pipeline.release(text, bigint, uuid);
drop function pipeline.begin_again(text, text, bigint, uuid, text, text);
drop function pipeline.send_back(text, bigint, uuid, text, text);
drop function pipeline.defer(text, bigint, uuid, text, text, numeric, numeric, jsonb);
drop function pipeline.fail(text, bigint, uuid, text, text, boolean, boolean);
