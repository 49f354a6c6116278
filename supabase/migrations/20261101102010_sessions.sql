-- Sessions, in which a person and a model work out what analyses shall look for, and the revisions
-- of their briefs. A revision is the only way to change a brief: inserting one names the revision
-- that it comes from, and is refused where the session has moved on (PT409, HTTP 409).
--
-- Locks: whoever writes a revision, an answer or a draft locks the session's row first, so that
-- the writers of one session come one after the other. Only who deletes one of them holds it before
-- its session, to count; so one owner's deletions come one after the other (session_counts.sql).

create table public.sessions (
  id bigint generated always as identity primary key,
  user_id uuid not null default auth.uid() references auth.users (id) on delete cascade,
  title public.title not null default '',
  request text not null default '',
  status text not null default 'open',
  current_ir jsonb not null default pipeline.empty_brief(),
  revision int not null default 0,
  revision_count int not null default 0,
  draft_count int not null default 0,
  hole_count int not null default 0,
  created_at timestamptz not null default pipeline.now(),
  updated_at timestamptz not null default pipeline.now(),
  search tsvector generated always as (
    to_tsvector('simple', title || ' ' || request)
    || jsonb_to_tsvector('simple', current_ir -> 'rules', '["string"]')
  ) stored,
  -- What belongs to a session names its owner, too: the pair is what its foreign keys point at.
  constraint sessions_id_user_id_key unique (id, user_id),
  constraint request_is_short check (length(request) <= 4000),
  constraint status_is_known check (status in ('open', 'ready', 'archived')),
  constraint brief_has_no_fault check (pipeline.brief_fault(current_ir) is null),
  constraint revision_is_not_negative check (revision >= 0),
  constraint a_session_has_at_most_1000_revisions check (revision_count between 0 and 1000),
  constraint a_session_has_at_most_200_drafts check (draft_count between 0 and 200),
  constraint a_session_has_at_most_1000_answers check (hole_count between 0 and 1000)
);

comment on table public.sessions is 'Where a person and a model work out what to look for.';
comment on column public.sessions.id is 'Identity.';
comment on column public.sessions.user_id is 'Owner.';
comment on column public.sessions.title is 'Name shown to the owner.';
comment on column public.sessions.request is 'What the owner asked for, in their words.';
comment on column public.sessions.status is
  'open, ready (there is something to look for, and no required hole is open) or archived.';
comment on column public.sessions.current_ir is 'The brief as of its latest revision.';
comment on column public.sessions.revision is 'Number of the latest revision.';
comment on column public.sessions.revision_count is 'Rows of session_revisions.';
comment on column public.sessions.draft_count is 'Rows of session_drafts.';
comment on column public.sessions.hole_count is 'Rows of hole_resolutions.';
comment on column public.sessions.created_at is 'When it was begun.';
comment on column public.sessions.updated_at is 'When anything of it last changed.';
comment on column public.sessions.search is 'Words of title, request and rules.';

create table public.session_revisions (
  id bigint generated always as identity primary key,
  session_id bigint not null,
  user_id uuid not null default auth.uid(),
  revision int not null default 0,
  base_revision int not null,
  cause text not null default 'edited',
  reverted_to int,
  ir jsonb not null,
  diff jsonb not null default '[]',
  note public.note,
  created_at timestamptz not null default pipeline.now(),
  constraint session_revisions_session_id_user_id_fkey foreign key (session_id, user_id)
    references public.sessions (id, user_id) on delete cascade,
  constraint session_revisions_session_id_user_id_revision_key
    unique (session_id, user_id, revision),
  constraint cause_is_known
    check (cause in ('created', 'edited', 'resolved', 'drafted', 'reverted')),
  constraint a_revision_follows_its_base check (revision = base_revision + 1),
  constraint only_a_revert_names_what_it_went_back_to
    check ((cause = 'reverted') = (reverted_to is not null))
);

comment on table public.session_revisions is 'Every brief that a session had, and why it changed.';
comment on column public.session_revisions.id is 'Identity.';
comment on column public.session_revisions.session_id is 'The session.';
comment on column public.session_revisions.user_id is 'Its owner.';
comment on column public.session_revisions.revision is 'Its number in the session, from 1.';
comment on column public.session_revisions.base_revision is
  'The revision that its writer saw; refused where that is not the latest.';
comment on column public.session_revisions.cause is
  'created, edited, resolved (a hole was answered), drafted (by a model) or reverted.';
comment on column public.session_revisions.reverted_to is 'The revision that it repeats.';
comment on column public.session_revisions.ir is 'The whole brief.';
comment on column public.session_revisions.diff is
  'What changed: [{path, before, after}], null for what is not there.';
comment on column public.session_revisions.note is 'The owner''s own words on it.';
comment on column public.session_revisions.created_at is 'When it was written.';

-- Lists, newest first, all of them and by status; what is in a brief; words. A session's history is
-- read by the unique constraint above, in which the owner's id costs nothing: it also serves the
-- foreign key and the policy.
create index sessions_user_id_updated_at_idx
on public.sessions (user_id, updated_at desc, id desc);
create index sessions_user_id_status_updated_at_idx
on public.sessions (user_id, status, updated_at desc, id desc);
create index sessions_current_ir_idx on public.sessions using gin (current_ir jsonb_path_ops);
create index sessions_search_idx on public.sessions using gin (search);
create index session_revisions_user_id_created_at_idx
on public.session_revisions (user_id, created_at desc, id desc);

-- Called by the triggers of what is added to a session: locks it, and says whether it can be.
create function pipeline.lock_session(session_id bigint, user_id uuid, base_revision int)
returns public.sessions
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_session public.sessions;
begin
  select s.* into v_session from public.sessions as s
  where s.id = lock_session.session_id and s.user_id = lock_session.user_id
    -- Nobody learns of another's session whether it is there.
    and s.user_id = coalesce(auth.uid(), lock_session.user_id)
  for no key update;
  if not found then
    raise exception 'session % not found', session_id using errcode = 'PT404';
  end if;
  if base_revision is distinct from v_session.revision then
    raise exception 'the session is at revision % by now, not at %',
      v_session.revision, coalesce(base_revision::text, 'none')
      using errcode = 'PT409', hint = 'Read it anew, and change what is there now.';
  end if;
  if v_session.revision_count >= 1000 then
    raise exception 'a session has at most 1000 revisions'
      using errcode = 'PT429', hint = 'Delete old ones, or begin another session.';
  end if;
  return v_session;
end
$$;

create function pipeline.write_revision()
returns trigger
-- Definer: owners write the brief of their sessions through it, and only so.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session public.sessions := pipeline.lock_session(
    new.session_id, new.user_id, new.base_revision
  );
  v_is_owners boolean := auth.uid() is not null and pg_trigger_depth() = 1;
  v_fault text;
begin
  -- What owners write by themselves is an edit or a way back; other causes are other triggers'.
  if v_is_owners and new.cause not in ('edited', 'reverted') then
    raise exception 'an owner''s revision is edited or reverted, not %', new.cause
      using errcode = 'SL030';
  end if;
  if new.cause = 'reverted' then
    select r.ir into new.ir from public.session_revisions as r
    where r.session_id = new.session_id and r.user_id = new.user_id
      and r.revision = new.reverted_to;
    if not found then
      raise exception 'revision % not found', new.reverted_to using errcode = 'PT404';
    end if;
  end if;
  v_fault := pipeline.brief_fault(new.ir);
  if v_fault is not null then
    raise exception '%', v_fault using errcode = 'SL030';
  end if;
  if v_is_owners and new.cause = 'edited' then
    perform pipeline.check_answers(v_session, new.ir);
  end if;
  new.revision := v_session.revision + 1;
  new.diff := pipeline.brief_diff(
    case v_session.revision when 0 then pipeline.empty_brief() else v_session.current_ir end,
    new.ir
  );
  new.created_at := pipeline.now();
  update public.sessions as s set current_ir = new.ir, revision = new.revision
  where s.id = v_session.id;
  return new;
end
$$;

create trigger session_revisions_100_write
before insert on public.session_revisions
for each row execute function pipeline.write_revision();

-- A session begins with its first revision, so that one can go back to it.
create function pipeline.begin_session()
returns trigger
-- Definer: as pipeline.write_revision.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  insert into public.session_revisions (session_id, user_id, base_revision, cause, ir)
  select n.id, n.user_id, n.revision, 'created', n.current_ir from new_rows as n order by n.id;
  return null;
end
$$;

create trigger sessions_100_begin
after insert on public.sessions
referencing new table as new_rows
for each statement execute function pipeline.begin_session();

-- Its latest revision goes only with the session.
create function pipeline.keep_current_revision()
returns trigger
-- Definer: users may not use schema pipeline.
language plpgsql volatile security definer set search_path = ''
as $$
begin
  if exists (
    select from public.sessions as s where s.id = old.session_id and s.revision = old.revision
  ) then
    raise exception 'revision % is the current one of its session', old.revision
      using errcode = 'PT409', hint = 'Go back to another one first, or delete the session.';
  end if;
  return old;
end
$$;

create trigger session_revisions_100_keep_current
before delete on public.session_revisions
for each row execute function pipeline.keep_current_revision();

-- What is not archived is ready or open as its brief is.
create function pipeline.derive_session_status()
returns trigger
-- Definer: users may not use schema pipeline.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_fault text := pipeline.brief_fault(new.current_ir);
begin
  if v_fault is not null then
    raise exception '%', v_fault using errcode = 'SL030';
  end if;
  if new.status <> 'archived' then
    new.status := case when pipeline.brief_is_ready(new.current_ir) then 'ready' else 'open' end;
  end if;
  return new;
end
$$;

create trigger sessions_100_derive_status
before insert or update of status, current_ir on public.sessions
for each row execute function pipeline.derive_session_status();

create trigger sessions_200_touch_updated_at
before update on public.sessions
for each row execute function pipeline.touch_updated_at();

alter table public.sessions enable row level security;
alter table public.session_revisions enable row level security;

create policy "owners read their sessions" on public.sessions
for select to authenticated using (user_id = (select auth.uid()));
create policy "owners begin their sessions" on public.sessions
for insert to authenticated with check (user_id = (select auth.uid()));
create policy "owners change their sessions" on public.sessions
for update to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "owners delete their sessions" on public.sessions
for delete to authenticated using (user_id = (select auth.uid()));

create policy "owners read their revisions" on public.session_revisions
for select to authenticated using (user_id = (select auth.uid()));
create policy "owners write their revisions" on public.session_revisions
for insert to authenticated with check (user_id = (select auth.uid()));
create policy "owners note on their revisions" on public.session_revisions
for update to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "owners delete their revisions" on public.session_revisions
for delete to authenticated using (user_id = (select auth.uid()));

revoke all on table public.sessions, public.session_revisions
from public, anon, authenticated, service_role;
revoke all on sequence public.sessions_id_seq, public.session_revisions_id_seq
from public, anon, authenticated, service_role;
grant select, delete on table public.sessions, public.session_revisions to authenticated;
grant insert (user_id, title, request, current_ir) on table public.sessions to authenticated;
grant update (title, request, status) on table public.sessions to authenticated;
grant insert (session_id, user_id, base_revision, cause, reverted_to, ir, note)
on table public.session_revisions to authenticated;
grant update (note) on table public.session_revisions to authenticated;
-- Nobody moves a row to another session: the counters would not follow.
grant select, insert, delete on table public.sessions, public.session_revisions to service_role;
grant update (title, request, status) on table public.sessions to service_role;
grant update (note) on table public.session_revisions to service_role;

revoke all on function
  pipeline.lock_session(bigint, uuid, int),
  pipeline.write_revision(),
  pipeline.begin_session(),
  pipeline.keep_current_revision(),
  pipeline.derive_session_status()
from public, anon, authenticated;
grant execute on function pipeline.lock_session(bigint, uuid, int) to service_role;
