-- Undoes 20261101102030_session_drafts.sql.

drop table public.session_drafts;
drop function pipeline.ask_for_draft();
