-- What no deleted row tells of: objects that no row ever named (an upload that was announced and
-- came after its row was gone, sound whose result was refused), files of accounts that had no row,
-- and the provider's copy of a video whose analysis is taken out of the queue.

create table pipeline.object_search (
  is_only boolean not null default true,
  looked_at uuid not null default '00000000-0000-0000-0000-000000000000',
  constraint object_search_pkey primary key (is_only),
  constraint there_is_one_search check (is_only)
);

comment on table pipeline.object_search is 'How far the search for forgotten objects has got.';
comment on column pipeline.object_search.is_only is 'True: there is one row.';
comment on column pipeline.object_search.looked_at is 'The last object that was looked at.';

insert into pipeline.object_search (is_only) values (true);

-- Looks at the next objects, in the order of their ids, and asks for those to be erased that no row
-- names: where their owner's account is gone at once, else a day after they were stored. Answers
-- with how many. Its cost does not depend on what there is.
create function pipeline.find_forgotten_objects(at_most int default 500)
returns int
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_after uuid := (select s.looked_at from pipeline.object_search as s for update);
  v_ids uuid[];
  v_buckets text[];
  v_paths text[];
  v_named boolean[];
  v_asked int;
begin
  select array_agg(o.id order by o.id), array_agg(o.bucket_id order by o.id),
    array_agg(o.name order by o.id)
  into v_ids, v_buckets, v_paths
  from (
    select s.id, s.bucket_id, s.name from storage.objects as s
    where s.id > v_after
    order by s.id
    limit find_forgotten_objects.at_most
  ) as o;
  update pipeline.object_search as s
  set looked_at = case
    when cardinality(v_ids) = find_forgotten_objects.at_most then v_ids[cardinality(v_ids)]
    else '00000000-0000-0000-0000-000000000000'
  end;
  if v_ids is null then
    return 0;
  end if;
  v_named := pipeline.named(v_buckets, v_paths);
  select sum(pipeline.ask_erasure(a.buckets, a.paths, a.reason)) into v_asked
  from (
    select array_agg(o.bucket) as buckets, array_agg(o.path) as paths, o.reason
    from (
      select f.bucket, f.path, case
        when pipeline.owner_of(f.path) <> '00000000-0000-0000-0000-000000000000'
          and not exists (
            select from auth.users as u where u.id = pipeline.owner_of(f.path)
          ) then 'account_deleted'
        when f.bucket in (select n.bucket from pipeline.object_names as n)
          and greatest(s.created_at, s.updated_at) < pipeline.now() - interval '1 day'
          then 'never_named'
      end as reason
      from unnest(v_ids, v_buckets, v_paths, v_named) as f (id, bucket, path, is_named)
      join storage.objects as s on s.id = f.id
      where not f.is_named and f.bucket = any (pipeline.user_buckets())
    ) as o
    where o.reason is not null
    group by o.reason
  ) as a;
  return coalesce(v_asked, 0);
end
$$;

-- The provider's copy of a video, where nobody is left to delete it: its analysis is taken out of
-- the queue while it waits, or from under a worker whose item is gone.
create function pipeline.erase_providers_copy()
returns trigger
-- Definer: tasks go with what owners delete, and owners may ask nothing of the queue.
language plpgsql volatile security definer set search_path = ''
as $$
declare
  v_name text := old.progress #>> '{file,name}';
begin
  if v_name ~ '^files/[[:alnum:]_-]{1,100}$' and (
    old.lease_token is null
    or not exists (select from public.analysis_jobs as j where j.id = old.subject_id)
  ) then
    perform pipeline.ask_erasure(
      array['gemini-files'], array[v_name], 'provider_copy', old.user_id
    );
  end if;
  return null;
end
$$;

create trigger tasks_200_erase_providers_copy
after delete on pipeline.tasks
for each row when (old.progress is not null and old.stage = 'analysis')
execute function pipeline.erase_providers_copy();

-- Called by cron every minute: looks for forgotten objects, and forgets what was told and erased a
-- day ago.
create function pipeline.tidy_erasures()
returns int
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  delete from pipeline.erasures as e
  where e.id = any (array(
    select d.id from pipeline.erasures as d
    where d.status = 'completed' and d.updated_at < pipeline.now() - interval '1 day'
    order by d.updated_at
    limit 10000
    for update skip locked
  ));
  delete from public.deleted_recordings as d
  where d.id = any (array(
    select g.id from public.deleted_recordings as g
    where g.deleted_at < pipeline.now() - interval '1 day'
    order by g.deleted_at
    limit 10000
  ));
  return pipeline.find_forgotten_objects();
end
$$;

-- Answers 'scheduled' or 'skipped'. Called once, below.
create function pipeline.schedule_erasures()
returns text
language plpgsql volatile security invoker set search_path = ''
as $$
begin
  if to_regclass('cron.job') is null then
    return 'skipped';
  end if;
  perform cron.schedule('sideline-erasures', '* * * * *', 'select pipeline.tidy_erasures()');
  return 'scheduled';
end
$$;

alter table pipeline.object_search enable row level security;

create policy "operators see how far the search is" on pipeline.object_search
for select to service_role using (true);

revoke all on table pipeline.object_search from public, anon, authenticated, service_role;
grant select on table pipeline.object_search to service_role;

-- Cron runs them as postgres, who alone may read the users of Auth.
revoke all on function
  pipeline.find_forgotten_objects(int),
  pipeline.erase_providers_copy(),
  pipeline.tidy_erasures(),
  pipeline.schedule_erasures()
from public, anon, authenticated;

select pipeline.schedule_erasures();
