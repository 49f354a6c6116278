-- Drafts: briefs that a model is asked for. A row is asked for by its owner and worked on by stage
-- `draft`; what it cost and what was found wrong with the model's replies stands in it, also where
-- none could be used.

create table public.session_drafts (
  id bigint generated always as identity primary key,
  session_id bigint not null,
  user_id uuid not null default auth.uid(),
  base_revision int not null default 0,
  request text not null default '',
  status public.stage_status not null default 'queued',
  attempts int not null default 0,
  error_code text,
  last_error text,
  updated_at timestamptz not null default pipeline.now(),
  ir jsonb,
  model public.plain_name,
  prompt_version public.plain_name,
  input_tokens int not null default 0,
  output_tokens int not null default 0,
  cost_micros bigint not null default 0,
  milliseconds int not null default 0,
  syntax_ok boolean,
  schema_ok boolean,
  rules_ok boolean,
  is_repaired boolean not null default false,
  faults text[] not null default '{}',
  outcome text,
  applied_revision int,
  note public.note,
  correlation_id uuid not null default gen_random_uuid(),
  created_at timestamptz not null default pipeline.now(),
  constraint session_drafts_session_id_user_id_fkey foreign key (session_id, user_id)
    references public.sessions (id, user_id) on delete cascade,
  constraint request_is_short check (length(request) <= 4000),
  constraint attempts_are_not_negative check (attempts >= 0),
  constraint a_failed_draft_says_why check (status <> 'failed' or error_code is not null),
  constraint brief_has_no_fault check (ir is null or pipeline.brief_fault(ir) is null),
  constraint a_completed_draft_has_a_brief
    check (status <> 'completed' or (ir is not null and outcome is not null)),
  constraint costs_are_not_negative check (
    input_tokens >= 0 and output_tokens >= 0 and cost_micros >= 0 and milliseconds >= 0
  ),
  constraint faults_are_few_and_short
    check (cardinality(faults) <= 20 and octet_length(array_to_string(faults, '')) <= 8000),
  constraint outcome_is_known check (outcome in ('applied', 'superseded')),
  constraint only_an_applied_draft_has_a_revision
    check ((outcome is not distinct from 'applied') = (applied_revision is not null))
);

comment on table public.session_drafts is 'Briefs that a model was asked for.';
comment on column public.session_drafts.id is 'Identity.';
comment on column public.session_drafts.session_id is 'The session.';
comment on column public.session_drafts.user_id is 'Its owner.';
comment on column public.session_drafts.base_revision is
  'The revision that the model was given; until then, the one when it was asked for.';
comment on column public.session_drafts.request is 'What the model was asked for.';
comment on column public.session_drafts.status is 'queued, processing, completed or failed.';
comment on column public.session_drafts.attempts is
  'Claims so far, but for those that a provider or a lost worker wasted.';
comment on column public.session_drafts.error_code is 'Last error, as stable code.';
comment on column public.session_drafts.last_error is 'Last error, as a sentence.';
comment on column public.session_drafts.updated_at is 'When its status last changed.';
comment on column public.session_drafts.ir is 'The brief that came of it.';
comment on column public.session_drafts.model is 'Model and version that answered.';
comment on column public.session_drafts.prompt_version is 'Version of the instructions it had.';
comment on column public.session_drafts.input_tokens is 'Tokens asked with, of all attempts.';
comment on column public.session_drafts.output_tokens is 'Tokens answered with, of all attempts.';
comment on column public.session_drafts.cost_micros is
  'What all attempts cost, in millionths of the currency of the prices, US dollars by default.';
comment on column public.session_drafts.milliseconds is 'Time that the model took, in all.';
comment on column public.session_drafts.syntax_ok is 'Whether its first reply was JSON.';
comment on column public.session_drafts.schema_ok is 'Whether its first reply had a brief''s form.';
comment on column public.session_drafts.rules_ok is
  'Whether its first reply kept the rules of a brief that go beyond the form.';
comment on column public.session_drafts.is_repaired is 'Whether it took a second reply.';
comment on column public.session_drafts.faults is 'What was wrong with its first reply.';
comment on column public.session_drafts.outcome is
  'applied (it became a revision) or superseded (the session had moved on; its brief is kept).';
comment on column public.session_drafts.applied_revision is 'The revision that it became.';
comment on column public.session_drafts.note is 'The owner''s own words on it.';
comment on column public.session_drafts.correlation_id is 'Ties the log lines of its attempts.';
comment on column public.session_drafts.created_at is 'When it was asked for.';

create index session_drafts_session_id_user_id_created_at_idx
on public.session_drafts (session_id, user_id, created_at desc, id desc);
create index session_drafts_user_id_created_at_idx
on public.session_drafts (user_id, created_at desc, id desc);

-- A draft is asked for on what its session is now.
create function pipeline.ask_for_draft()
returns trigger
-- Definer: users may not use schema pipeline.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_session public.sessions;
begin
  select s.* into v_session from public.sessions as s
  where s.id = new.session_id and s.user_id = new.user_id
    and s.user_id = coalesce(auth.uid(), new.user_id)
  for no key update;
  if not found then
    raise exception 'session % not found', new.session_id using errcode = 'PT404';
  elsif v_session.draft_count >= 200 then
    raise exception 'a session has at most 200 drafts'
      using errcode = 'PT429', hint = 'Delete old ones, or begin another session.';
  end if;
  new.base_revision := v_session.revision;
  if new.request !~ '\S' then
    new.request := v_session.request;
  end if;
  if new.request !~ '\S' then
    raise exception 'say what the analysis shall look for' using errcode = 'SL030';
  end if;
  return new;
end
$$;

create trigger session_drafts_100_ask
before insert on public.session_drafts
for each row execute function pipeline.ask_for_draft();

alter table public.session_drafts enable row level security;

create policy "owners read their drafts" on public.session_drafts
for select to authenticated using (user_id = (select auth.uid()));
create policy "owners ask for their drafts" on public.session_drafts
for insert to authenticated with check (user_id = (select auth.uid()));
create policy "owners note on their drafts" on public.session_drafts
for update to authenticated
using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "owners delete their drafts" on public.session_drafts
for delete to authenticated using (user_id = (select auth.uid()));

revoke all on table public.session_drafts from public, anon, authenticated, service_role;
revoke all on sequence public.session_drafts_id_seq
from public, anon, authenticated, service_role;
grant select, delete on table public.session_drafts to authenticated;
grant insert (session_id, user_id, request, note) on table public.session_drafts to authenticated;
grant update (note) on table public.session_drafts to authenticated;
grant select, insert, delete on table public.session_drafts to service_role;
grant update (
  base_revision, status, attempts, error_code, last_error, updated_at, ir, model, prompt_version,
  input_tokens, output_tokens, cost_micros, milliseconds, syntax_ok, schema_ok, rules_ok,
  is_repaired, faults, outcome, applied_revision, note
) on table public.session_drafts to service_role;

revoke all on function pipeline.ask_for_draft() from public, anon, authenticated;
