-- Undoes 20261101090430_caps.sql.

drop function pipeline.pick_anywhere(text, int, int, uuid, timestamptz);
drop function pipeline.pick_within_caps(text, int, bigint, int, uuid, timestamptz);
drop function pipeline.take_lane(text, int);
drop function pipeline.count_leases(text, timestamptz, boolean, int, int);
drop function pipeline.live_leases(text, timestamptz);
drop function pipeline.leases_from(text);
