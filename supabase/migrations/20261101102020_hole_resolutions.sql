-- How the holes of a session's brief were answered. Inserting an answer writes a revision in which
-- the hole is answered; a later answer to the same hole is a row of its own.

create table public.hole_resolutions (
  id bigint generated always as identity primary key,
  session_id bigint not null,
  user_id uuid not null default auth.uid(),
  base_revision int not null,
  revision int not null default 0,
  hole_id text not null,
  type text not null default 'text',
  question text not null default '',
  unit text,
  value jsonb not null default 'null',
  method text not null default 'answered',
  resolved_by uuid,
  note public.note,
  created_at timestamptz not null default pipeline.now(),
  constraint hole_resolutions_session_id_user_id_fkey foreign key (session_id, user_id)
    references public.sessions (id, user_id) on delete cascade,
  constraint hole_id_is_snake_case check (hole_id ~ '^[a-z][a-z0-9_]{0,39}$'),
  constraint type_is_known check (type in ('choice', 'number', 'text', 'boolean')),
  constraint value_is_small check (octet_length(value::text) <= 2000),
  constraint method_is_known check (method in ('answered', 'default'))
);

comment on table public.hole_resolutions is 'Answers to the holes of briefs.';
comment on column public.hole_resolutions.id is 'Identity.';
comment on column public.hole_resolutions.session_id is 'The session.';
comment on column public.hole_resolutions.user_id is 'Its owner.';
comment on column public.hole_resolutions.base_revision is
  'The revision in which its writer saw the hole; refused where that is not the latest.';
comment on column public.hole_resolutions.revision is 'The revision that the answer made.';
comment on column public.hole_resolutions.hole_id is 'Id of the hole in the brief.';
comment on column public.hole_resolutions.type is 'choice, number, text or boolean.';
comment on column public.hole_resolutions.question is 'What was asked.';
comment on column public.hole_resolutions.unit is 'Unit of a number.';
comment on column public.hole_resolutions.value is 'The answer.';
comment on column public.hole_resolutions.method is
  'answered, or default: what the hole suggests was taken.';
comment on column public.hole_resolutions.resolved_by is 'Who answered; null for a worker.';
comment on column public.hole_resolutions.note is 'The owner''s own words on it.';
comment on column public.hole_resolutions.created_at is 'When it was answered.';

create index hole_resolutions_session_id_user_id_created_at_idx
on public.hole_resolutions (session_id, user_id, created_at desc, id desc);
create index hole_resolutions_user_id_created_at_idx
on public.hole_resolutions (user_id, created_at desc, id desc);

create function pipeline.resolve_hole()
returns trigger
-- Definer: as pipeline.write_revision.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session public.sessions := pipeline.lock_session(
    new.session_id, new.user_id, new.base_revision
  );
  v_place int;
  v_hole jsonb;
begin
  select h.place - 1, h.hole into v_place, v_hole
  from jsonb_array_elements(v_session.current_ir -> 'holes') with ordinality as h (hole, place)
  where h.hole ->> 'id' = new.hole_id;
  if not found then
    raise exception 'hole % not found', new.hole_id using errcode = 'PT404';
  end if;
  if new.method = 'default' then
    new.value := v_hole -> 'default';
  end if;
  if pipeline.fits_hole(v_hole, new.value) is not true then
    raise exception 'the answer does not fit hole %, a %', new.hole_id, v_hole ->> 'type'
      using errcode = 'SL030';
  end if;
  new.type := v_hole ->> 'type';
  new.question := v_hole ->> 'question';
  new.unit := v_hole ->> 'unit';
  new.resolved_by := auth.uid();
  new.revision := v_session.revision + 1;
  new.created_at := pipeline.now();
  insert into public.session_revisions (session_id, user_id, base_revision, cause, ir)
  values (
    v_session.id, v_session.user_id, v_session.revision, 'resolved',
    jsonb_set(v_session.current_ir, array['holes', v_place::text, 'answer'], new.value)
  );
  return new;
end
$$;

create trigger hole_resolutions_100_resolve
before insert on public.hole_resolutions
for each row execute function pipeline.resolve_hole();

-- Called by pipeline.write_revision for an owner's edit. Who answered, and how, stands in a row: an
-- edit brings no answer but those that the brief has, and those that were ever given.
create function pipeline.check_answers(session public.sessions, ir jsonb)
returns void
language plpgsql stable security invoker set search_path = ''
as $$
declare
  v_hole text := (
    select h ->> 'id' from jsonb_array_elements(ir -> 'holes') as h
    where h -> 'answer' <> 'null'
      and not session.current_ir -> 'holes' @> jsonb_build_array(
        jsonb_build_object('id', h -> 'id', 'type', h -> 'type', 'answer', h -> 'answer')
      )
      and not exists (
        select from public.hole_resolutions as r
        where r.session_id = session.id and r.user_id = session.user_id
          and r.hole_id = h ->> 'id' and r.value = h -> 'answer'
      )
    limit 1
  );
begin
  if v_hole is not null then
    raise exception 'hole % is answered by a row of hole_resolutions, not by an edit', v_hole
      using errcode = 'SL030';
  end if;
end
$$;

alter table public.hole_resolutions enable row level security;

create policy "owners read their answers" on public.hole_resolutions
for select to authenticated using (user_id = (select auth.uid()));
create policy "owners give their answers" on public.hole_resolutions
for insert to authenticated with check (user_id = (select auth.uid()));
create policy "owners note on their answers" on public.hole_resolutions
for update to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "owners delete their answers" on public.hole_resolutions
for delete to authenticated using (user_id = (select auth.uid()));

revoke all on table public.hole_resolutions from public, anon, authenticated, service_role;
revoke all on sequence public.hole_resolutions_id_seq
from public, anon, authenticated, service_role;
grant select, delete on table public.hole_resolutions to authenticated;
grant insert (session_id, user_id, base_revision, hole_id, value, method, note)
on table public.hole_resolutions to authenticated;
grant update (note) on table public.hole_resolutions to authenticated;
grant select, insert, delete on table public.hole_resolutions to service_role;
grant update (note) on table public.hole_resolutions to service_role;

revoke all on function
  pipeline.resolve_hole(), pipeline.check_answers(public.sessions, jsonb)
from public, anon, authenticated;
