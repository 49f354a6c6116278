-- Undoes 20261101101010_rate_limits.sql.

drop function pipeline.check_rate_limit(text, int, interval);
drop table pipeline.rate_limits;
