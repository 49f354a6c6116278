-- Undoes 20261101102000_briefs.sql.

drop function pipeline.brief_is_ready(jsonb);
drop function pipeline.brief_diff(jsonb, jsonb);
drop function pipeline.brief_parts(jsonb);
drop function pipeline.empty_brief();
drop function pipeline.brief_fault(jsonb);
drop function pipeline.hole_fault(jsonb);
drop function pipeline.fits_hole(jsonb, jsonb);
