-- Undoes 20261101102020_hole_resolutions.sql.

drop table public.hole_resolutions;
drop function pipeline.resolve_hole();
drop function pipeline.check_answers(public.sessions, jsonb);
