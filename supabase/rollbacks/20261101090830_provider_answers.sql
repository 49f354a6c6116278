-- Undoes 20261101090830_provider_answers.sql.

drop function pipeline.provider_answered(text);
drop function pipeline.note_failure(text, text);
drop function pipeline.provider_failed(text);
drop function pipeline.hold_provider(text, timestamptz);
drop function pipeline.spend(text, int, timestamptz);
drop function pipeline.use_model(text, text);
drop function pipeline.provider_room(pipeline.provider_limits, timestamptz);
drop function pipeline.refilled_tokens(pipeline.provider_limits, timestamptz);
