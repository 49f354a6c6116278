-- Undoes 20261101090010_provider_limits.sql.

drop table pipeline.provider_limits;
