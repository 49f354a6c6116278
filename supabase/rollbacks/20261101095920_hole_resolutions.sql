-- Undoes 20261101095920_hole_resolutions.sql.

drop table public.hole_resolutions;
drop function pipeline.resolve_hole();
