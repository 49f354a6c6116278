-- The counters of a session: they follow its rows, whoever adds and deletes them, in the same
-- transaction. Each statement adds what it changed under the lock of the session's row, so that
-- nothing is lost between writers; with the session its counters go, too.

create function pipeline.count_session_rows()
returns trigger
-- Definer: owners may not write the counters.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_sign int := case tg_op when 'INSERT' then 1 else -1 end;
begin
  -- In one order, so that statements over several sessions do not wait for each other.
  perform from public.sessions as s
  where s.id in (select r.session_id from changed_rows as r)
  order by s.id
  for no key update;
  update public.sessions as s
  set
    revision_count = s.revision_count + case tg_argv[0] when 'revision' then c.n else 0 end,
    draft_count = s.draft_count + case tg_argv[0] when 'draft' then c.n else 0 end,
    hole_count = s.hole_count + case tg_argv[0] when 'hole' then c.n else 0 end
  from (
    select r.session_id, v_sign * count(*) as n from changed_rows as r group by r.session_id
  ) as c
  where s.id = c.session_id;
  return null;
end
$$;

-- Deleting a session takes it before its rows, deleting one of them the other way round. Of one
-- owner the two come one after the other, and before their account is closed, or after: it is taken
-- before all that is theirs. An operator, who is no owner, may be told of a deadlock, and repeats.
create function pipeline.delete_in_turn()
returns trigger
-- Definer: users may not read users.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  perform from auth.users as u where u.id = (select auth.uid()) for key share;
  perform pg_advisory_xact_lock(hashtextextended('pipeline.sessions ' || (select auth.uid()), 0));
  return null;
end
$$;

create trigger sessions_050_delete_in_turn
before delete on public.sessions
for each statement execute function pipeline.delete_in_turn();
create trigger session_revisions_050_delete_in_turn
before delete on public.session_revisions
for each statement execute function pipeline.delete_in_turn();
create trigger session_drafts_050_delete_in_turn
before delete on public.session_drafts
for each statement execute function pipeline.delete_in_turn();
create trigger hole_resolutions_050_delete_in_turn
before delete on public.hole_resolutions
for each statement execute function pipeline.delete_in_turn();

create trigger session_revisions_800_count_added
after insert on public.session_revisions
referencing new table as changed_rows
for each statement execute function pipeline.count_session_rows('revision');
create trigger session_revisions_800_count_deleted
after delete on public.session_revisions
referencing old table as changed_rows
for each statement execute function pipeline.count_session_rows('revision');

create trigger session_drafts_800_count_added
after insert on public.session_drafts
referencing new table as changed_rows
for each statement execute function pipeline.count_session_rows('draft');
create trigger session_drafts_800_count_deleted
after delete on public.session_drafts
referencing old table as changed_rows
for each statement execute function pipeline.count_session_rows('draft');

create trigger hole_resolutions_800_count_added
after insert on public.hole_resolutions
referencing new table as changed_rows
for each statement execute function pipeline.count_session_rows('hole');
create trigger hole_resolutions_800_count_deleted
after delete on public.hole_resolutions
referencing old table as changed_rows
for each statement execute function pipeline.count_session_rows('hole');

revoke all on function pipeline.count_session_rows(), pipeline.delete_in_turn()
from public, anon, authenticated;
