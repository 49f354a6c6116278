-- Undoes 20261101090420_quotas.sql.

drop trigger user_quotas_unpark on pipeline.user_quotas;
drop function pipeline.unpark();
drop function pipeline.give_back_usage(text, uuid);
drop function pipeline.within_quota(text, bigint[], timestamptz);
drop function pipeline.park(text, uuid, int, int, timestamptz);
drop table pipeline.usage;
drop table pipeline.user_quotas;
