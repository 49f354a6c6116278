-- Undoes 20261101090900_limits.sql.

drop function pipeline.use_model(text, text);
drop function pipeline.spend(text, bigint[], timestamptz, timestamptz);
drop function pipeline.give_back_probe(uuid[]);
drop function pipeline.note_answer(text, uuid, uuid, text, double precision);
drop function pipeline.verdict_of(text);
