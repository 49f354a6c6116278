-- Undoes 20261101090250_limits.sql.

drop function pipeline.use_model(text, text);
drop function pipeline.give_back_probe(uuid[]);
drop function pipeline.note_answer(text, uuid, uuid, text, double precision);
drop function pipeline.after_failure(pipeline.provider_limits, uuid, uuid, timestamptz);
drop function pipeline.verdict_of(text);
