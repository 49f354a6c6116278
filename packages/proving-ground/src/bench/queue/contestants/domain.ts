/** The peers' side of the domain: what a user reads, much leaner than Sideline's own tables. */
export const domainTables = `
  create schema app;
  create sequence app.item;
  create table app.feedback (
    id bigint primary key,
    user_id uuid not null,
    message text not null,
    drill text,
    ssml_status text not null default 'queued',
    updated_at timestamptz not null default now()
  );
  create index on app.feedback (user_id);
  create table app.ssml_segments (
    feedback_id bigint not null references app.feedback (id) on delete cascade,
    segment_index int not null default 0,
    ssml text not null,
    provider text not null,
    version text,
    created_at timestamptz not null default now(),
    primary key (feedback_id, segment_index)
  );
  alter table app.feedback enable row level security;
  alter table app.ssml_segments enable row level security;
  create policy "owners read their feedback" on app.feedback
  for select to authenticated
  using (user_id = current_setting('request.jwt.claim.sub', true)::uuid);`;

/** Numbers for so many new items; answers with the last of them. */
export const nextItems = `
  with ids as (select nextval('app.item') as first)
  select setval('app.item', first + $1::bigint - 1)::int as last from ids`;

/** Parameters: first id, last id, message, drill. */
export const insertDomainRows = `
  insert into app.feedback (id, user_id, message, drill)
  select n, gen_random_uuid(), $3, $4 from generate_series($1::bigint, $2::bigint) as n`;

/** One statement, so one transaction; run twice it writes the same. Parameters: ids, SSML. */
export const writeEffect = `
  with written as (
    insert into app.ssml_segments (feedback_id, ssml, provider, version)
    select id, $2, 'bench', '1' from unnest($1::bigint[]) as id
    on conflict (feedback_id, segment_index)
    do update set ssml = excluded.ssml, provider = excluded.provider, version = excluded.version
  )
  update app.feedback set ssml_status = 'completed', updated_at = now()
  where id = any ($1::bigint[])`;
