-- Undoes 20261101090450_caps.sql.

drop function pipeline.pick_within_caps(text, int, int, uuid, timestamptz);
