-- Undoes 20261101102010_sessions.sql.

drop table public.session_revisions;
drop function pipeline.lock_session(bigint, uuid, int);
drop table public.sessions;
drop function pipeline.derive_session_status();
drop function pipeline.keep_current_revision();
drop function pipeline.begin_session();
drop function pipeline.write_revision();
