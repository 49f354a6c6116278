-- Links to a finished video that anybody may open who has them, until they end. Function `render`
-- serves them; of who opens one the owner is told when, with what program, and from which country.

create table public.render_links (
  id bigint generated always as identity primary key,
  render_job_id bigint not null references public.render_jobs (id) on delete cascade,
  user_id uuid not null,
  token_hash bytea not null,
  created_at timestamptz not null default pipeline.now(),
  expires_at timestamptz not null,
  constraint render_links_token_hash_key unique (token_hash),
  constraint a_link_ends_within_30_days check (expires_at <= created_at + interval '30 days')
);

comment on table public.render_links is 'Links to finished videos, for whoever has them.';
comment on column public.render_links.id is 'Identity.';
comment on column public.render_links.render_job_id is 'The render.';
comment on column public.render_links.user_id is 'Owner of the render.';
comment on column public.render_links.token_hash is 'SHA-256 of the secret in the link.';
comment on column public.render_links.created_at is 'When it was made.';
comment on column public.render_links.expires_at is 'When it ends; its owner may end it before.';

create index render_links_render_job_id_idx on public.render_links (render_job_id);

create index render_links_user_id_idx on public.render_links (user_id);

create index render_links_expires_at_idx on public.render_links (expires_at);

create table public.url_access_logs (
  id bigint generated always as identity,
  render_link_id bigint not null references public.render_links (id) on delete cascade,
  user_id uuid not null,
  accessed_at timestamptz not null default pipeline.now(),
  agent text,
  country text,
  constraint url_access_logs_pkey primary key (user_id, id),
  constraint agent_is_short check (length(agent) <= 300),
  constraint country_is_two_letters check (country ~ '^[A-Z]{2}$')
);

comment on table public.url_access_logs is 'When links to videos were opened. No address is kept.';
comment on column public.url_access_logs.id is 'Identity.';
comment on column public.url_access_logs.render_link_id is 'The link.';
comment on column public.url_access_logs.user_id is 'Owner of the video.';
comment on column public.url_access_logs.accessed_at is 'When it was opened.';
comment on column public.url_access_logs.agent is 'The program, as it names itself.';
comment on column public.url_access_logs.country is 'Where from, where the network tells.';

create index url_access_logs_render_link_id_idx
on public.url_access_logs (render_link_id, accessed_at);

create index url_access_logs_accessed_at_idx on public.url_access_logs
using brin (accessed_at) with (pages_per_range = 16);

insert into pipeline.retention (schema_name, table_name, column_name, keep_for) values
  ('public', 'url_access_logs', 'accessed_at', '90 days'),
  ('public', 'render_links', 'expires_at', '90 days');

-- The secret is answered once, and stands nowhere.
create function public.create_render_link(render_job_id bigint, valid_seconds int default 604800)
returns table (id bigint, token text, expires_at timestamptz)
-- Definer: owners may not write render_links. The owner is checked here.
language plpgsql volatile security definer set search_path = ''
as $$
#variable_conflict use_column
declare
  v_job public.render_jobs := pipeline.own_render(create_render_link.render_job_id);
begin
  perform
    pipeline.refuse_unless(v_job.status = 'completed', 'render_incomplete',
      'Only a finished video can be shared.'),
    pipeline.refuse_unless(valid_seconds between 60 and 2592000, 'validity_out_of_range',
      'A link is valid for between a minute and 30 days.'),
    pipeline.refuse_unless(
      (
        select count(*) < 20 from public.render_links as l
        where l.render_job_id = v_job.id and l.expires_at > pipeline.now()
      ),
      'too_many_links', 'A video has at most 20 links at once.');
  token := replace(gen_random_uuid()::text || gen_random_uuid()::text, '-', '');
  return query
  insert into public.render_links (render_job_id, user_id, token_hash, expires_at)
  values (
    v_job.id, v_job.user_id, sha256(convert_to(token, 'UTF8')),
    pipeline.now() + make_interval(secs => valid_seconds)
  )
  returning render_links.id, create_render_link.token, render_links.expires_at;
end
$$;

-- Called by function `render` when somebody opens a link: the file, or no row where the link is
-- unknown or has ended. `counts` is false for the further pieces of a file that is being played; of
-- one link at most 60 visits a minute are kept.
create function pipeline.open_render_link(
  token text, agent text default null, country text default null, counts boolean default true
)
returns table (path text, format text, bytes bigint)
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_link public.render_links;
begin
  select l.* into v_link from public.render_links as l
  where l.token_hash = sha256(convert_to(open_render_link.token, 'UTF8'))
    and l.expires_at > pipeline.now();
  if not found then
    return;
  end if;
  if open_render_link.counts
    and pipeline.check_rate_limit('render_link ' || v_link.id, 60, '1 minute')
  then
    insert into public.url_access_logs (render_link_id, user_id, agent, country)
    values (
      v_link.id, v_link.user_id, left(open_render_link.agent, 300),
      substring(open_render_link.country from '^[A-Z]{2}$')
    );
  end if;
  return query
  select j.output_path, j.format, j.output_bytes from public.render_jobs as j
  where j.id = v_link.render_job_id and j.status = 'completed';
end
$$;

comment on function public.create_render_link(bigint, int) is
  'A link to the caller''s finished video; its token is told this once. '
  'Errors: PT404, PT422 with the code in details.';

alter table public.render_links enable row level security;
alter table public.url_access_logs enable row level security;

create policy "owners read their links" on public.render_links
for select to authenticated using (user_id = (select auth.uid()));

create policy "owners end their links" on public.render_links
for update to authenticated
using (user_id = (select auth.uid()))
with check (user_id = (select auth.uid()));

create policy "owners read who opened their links" on public.url_access_logs
for select to authenticated using (user_id = (select auth.uid()));

revoke all on table public.render_links, public.url_access_logs
from public, anon, authenticated, service_role;
revoke all on sequence public.render_links_id_seq, public.url_access_logs_id_seq
from public, anon, authenticated, service_role;
grant select on table public.render_links, public.url_access_logs to authenticated;
grant update (expires_at) on table public.render_links to authenticated;
grant select, insert, update, delete on table public.render_links to service_role;
grant select, insert on table public.url_access_logs to service_role;

revoke all on function public.create_render_link(bigint, int)
from public, anon, authenticated, service_role;
grant execute on function public.create_render_link(bigint, int) to authenticated;
revoke all on function pipeline.open_render_link(text, text, text, boolean)
from public, anon, authenticated;
grant execute on function pipeline.open_render_link(text, text, text, boolean) to service_role;
