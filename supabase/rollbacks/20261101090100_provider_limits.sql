-- Undoes 20261101090100_provider_limits.sql.

drop function pipeline.provider_room(pipeline.provider_limits, timestamptz);
drop function pipeline.refilled_tokens(pipeline.provider_limits, timestamptz);
drop table pipeline.provider_limits;
