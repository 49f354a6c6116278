-- Erasure: an object that no row names any more is asked to be erased, in the transaction in which
-- its last name goes. A row of pipeline.erasures is the request, and the item of stage `erase`.
--
-- Which columns name objects stands in one place, pipeline.object_names. A table that is listed has
-- three triggers: names_objects, renames_objects and unnames_objects. A view that is listed keeps
-- the objects that it names for as long as it does.
--
-- A name may come back: audio is named by its content. Whoever names an object takes a shared lock
-- on its name until its transaction ends, and then looks for a request: one that nobody has begun
-- is taken back; one that has begun refuses the name. Erasing takes the same lock alone, without
-- waiting, and looks for rows that name the object while it holds it. So no row is left that names
-- what was erased, and nothing is erased that a row names.

create table pipeline.object_names (
  schema_name text not null default 'public',
  table_name text not null,
  column_name text not null,
  bucket text not null,
  awaited boolean not null default false,
  constraint object_names_pkey primary key (schema_name, table_name, column_name)
);

comment on table pipeline.object_names is 'The columns that name objects.';
comment on column pipeline.object_names.schema_name is 'The schema of the table.';
comment on column pipeline.object_names.table_name is
  'The table, which has the three triggers; or a view.';
comment on column pipeline.object_names.column_name is 'Its column, which has an index.';
comment on column pipeline.object_names.bucket is 'The bucket of the objects.';
comment on column pipeline.object_names.awaited is
  'Whether rows name an object before it is there.';

-- What a render that has not ended is composed of. After it the sound may go: the video has it.
create view pipeline.render_sources with (security_invoker = true) as
select e.source_path as path
from public.render_elements as e
join public.render_jobs as j on j.id = e.render_job_id
where e.source_bucket = 'processed' and j.status in ('queued', 'processing');

comment on view pipeline.render_sources is
  'Objects of bucket processed that renders under way are composed of.';
comment on column pipeline.render_sources.path is 'Object name.';

insert into pipeline.object_names (schema_name, table_name, column_name, bucket, awaited) values
  ('public', 'video_recordings', 'storage_path', 'raw', true),
  ('public', 'analysis_audio_segments', 'audio_url', 'processed', false),
  ('public', 'analysis_audio_segments', 'captions_url', 'processed', false),
  ('public', 'render_jobs', 'output_path', 'processed', true),
  ('pipeline', 'render_sources', 'path', 'processed', false);

-- The buckets in which the first folder of a name is its owner's id.
create function pipeline.user_buckets()
returns text[]
language sql immutable security invoker
return array['raw', 'processed', 'assets'];

create table pipeline.erasures (
  id bigint generated always as identity primary key,
  bucket text not null,
  path text not null,
  user_id uuid not null,
  reason text not null,
  asked_at timestamptz not null default pipeline.now(),
  status public.stage_status not null default 'queued',
  attempts int not null default 0,
  error_code text,
  last_error text,
  updated_at timestamptz not null default pipeline.now(),
  constraint erasures_bucket_path_key unique (bucket, path),
  constraint reason_is_known
    check (reason in ('row_deleted', 'account_deleted', 'never_named', 'provider_copy'))
);

comment on table pipeline.erasures is
  'Objects to be erased; those that were stay for a day, so that nobody names them unseen.';
comment on column pipeline.erasures.id is 'Identity.';
comment on column pipeline.erasures.bucket is
  'Bucket of Storage, or gemini-files for the provider''s copies.';
comment on column pipeline.erasures.path is 'Object name in the bucket.';
comment on column pipeline.erasures.user_id is 'Whose it was.';
comment on column pipeline.erasures.reason is
  'row_deleted, account_deleted, never_named or provider_copy.';
comment on column pipeline.erasures.asked_at is
  'When the request was made; what was stored under the name later is spared.';
comment on column pipeline.erasures.status is 'queued, processing, completed or failed.';
comment on column pipeline.erasures.attempts is 'Claims so far, as of every stage.';
comment on column pipeline.erasures.error_code is 'Last error, as stable code.';
comment on column pipeline.erasures.last_error is 'Last error, as a sentence.';
comment on column pipeline.erasures.updated_at is 'When its status last changed.';

create index erasures_left_idx on pipeline.erasures (user_id) where status <> 'completed';
create index erasures_done_idx on pipeline.erasures (updated_at) where status = 'completed';

-- "Does a row still name it?" Hash: names are long, and only their equality is asked for.
create index analysis_audio_segments_audio_url_idx
on public.analysis_audio_segments using hash (audio_url);
create index analysis_audio_segments_captions_url_idx
on public.analysis_audio_segments using hash (captions_url);
create index render_jobs_output_path_idx on public.render_jobs using hash (output_path);
create index render_elements_source_path_idx on public.render_elements using hash (source_path);

-- The owner of an object, by the first folder of its name; nobody where that is no id.
create function pipeline.owner_of(path text)
returns uuid
language sql immutable security invoker
return case
  when path ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/' then left(path, 36)::uuid
  else '00000000-0000-0000-0000-000000000000'::uuid
end;

-- What namers lock shared, and the eraser alone: one of 256, so that a statement that names many
-- objects does not fill the server's table of locks.
create function pipeline.lock_of(bucket text, path text)
returns bigint
language sql immutable security invoker
return hashtextextended('pipeline.object', hashtext(bucket || '/' || path) & 255);

-- Which of the objects are named by a row.
create function pipeline.named(buckets text[], paths text[])
returns boolean[]
language plpgsql stable security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_named boolean[] := array_fill(false, array[cardinality(buckets)]);
  v_name pipeline.object_names;
begin
  for v_name in select n.* from pipeline.object_names as n loop
    execute format(
      'select array_agg(
         a.named or (a.bucket = %1$L and exists (
           select from %2$I.%3$I as t where t.%4$I = a.path
         )) order by a.place
       )
       from unnest($1, $2, $3) with ordinality as a (bucket, path, named, place)',
      v_name.bucket, v_name.schema_name, v_name.table_name, v_name.column_name
    ) into v_named using buckets, paths, v_named;
  end loop;
  return v_named;
end
$$;

-- Asks for objects that are stored to be erased, of this owner or of those that their names tell.
-- Asked for again while it waits nothing changes.
create function pipeline.ask_erasure(
  buckets text[], paths text[], reason text, user_id uuid default null
)
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_ids bigint[];
  v_users uuid[];
begin
  with asked as (
    insert into pipeline.erasures as e (bucket, path, user_id, reason)
    select distinct o.bucket, o.path,
      coalesce(ask_erasure.user_id, pipeline.owner_of(o.path)), ask_erasure.reason
    from unnest(buckets, paths) as o (bucket, path)
    where ask_erasure.reason = 'provider_copy' or exists (
      select from storage.objects as s where s.bucket_id = o.bucket and s.name = o.path
    )
    order by o.bucket, o.path
    on conflict on constraint erasures_bucket_path_key do update
    set asked_at = excluded.asked_at, reason = excluded.reason, status = 'queued', attempts = 0,
      error_code = null, last_error = null, updated_at = excluded.updated_at
    where e.status in ('completed', 'failed')
    returning e.id, e.user_id
  )
  select array_agg(a.id order by a.id), array_agg(a.user_id order by a.id) into v_ids, v_users
  from asked as a;
  if v_ids is not null then
    perform pipeline.enqueue('erase', v_ids, v_users);
  end if;
  return coalesce(cardinality(v_ids), 0);
end
$$;

alter table pipeline.object_names enable row level security;
alter table pipeline.erasures enable row level security;

create policy "operators read what names objects" on pipeline.object_names
for select to service_role using (true);
create policy "erasures are worked and looked at" on pipeline.erasures
for all to service_role using (true) with check (true);

revoke all on table pipeline.object_names, pipeline.erasures, pipeline.render_sources
from public, anon, authenticated, service_role;
revoke all on sequence pipeline.erasures_id_seq from public, anon, authenticated, service_role;
grant select on table pipeline.object_names, pipeline.render_sources to service_role;
grant select, insert, update, delete on table pipeline.erasures to service_role;

revoke all on function
  pipeline.user_buckets(),
  pipeline.owner_of(text),
  pipeline.lock_of(text, text),
  pipeline.named(text[], text[]),
  pipeline.ask_erasure(text[], text[], text, uuid)
from public, anon, authenticated;
grant execute on function
  pipeline.user_buckets(),
  pipeline.owner_of(text),
  pipeline.lock_of(text, text),
  pipeline.named(text[], text[]),
  pipeline.ask_erasure(text[], text[], text, uuid)
to service_role;
