-- What changes slowly, or costs more to ask: sizes, dead rows, stored bytes, broken rules.

create function pipeline.sample_sizes(at timestamptz)
returns void
language sql volatile security invoker set search_path = ''
as $$
  insert into pipeline.system_metrics (name, at, labels, value)
  select v.name, sample_sizes.at,
    jsonb_build_object('table', c.relnamespace::regnamespace || '.' || c.relname), sum(v.value)
  from pg_catalog.pg_stat_user_tables as t
  -- The weeks of a table count as the table.
  join pg_catalog.pg_class as c on c.oid = coalesce(pg_partition_root(t.relid), t.relid)
  cross join lateral (
    values ('table_bytes', pg_total_relation_size(t.relid)::float8), ('dead_rows', t.n_dead_tup)
  ) as v (name, value)
  where t.schemaname in ('public', 'pipeline', 'partitions')
  group by v.name, c.oid, c.relnamespace, c.relname
  union all
  select 'database_bytes', sample_sizes.at, '{}', pg_database_size(current_database())
$$;

-- What reads tables whole: stored bytes, and pipeline.violations. It is asked every ten minutes
-- while that is quick, and less often as they grow: at most a thousandth of the time goes into it.
create function pipeline.sample_whole_tables(at timestamptz)
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_began timestamptz := clock_timestamp();
  v_last pipeline.system_metrics := (
    select m from pipeline.system_metrics as m
    where m.name = 'whole_tables_seconds' and m.at < sample_whole_tables.at
    order by m.at desc limit 1
  );
begin
  if v_last.at > sample_whole_tables.at - make_interval(secs => 1000 * v_last.value) then
    return;
  end if;
  insert into pipeline.system_metrics (name, at, value)
  select 'violations', sample_whole_tables.at, count(*)
  from (select from pipeline.violations as v limit 1000) as v;
  insert into pipeline.system_metrics (name, at, labels, value)
  with buckets as materialized (
    select b.id, coalesce((
      select sum((o.metadata ->> 'size')::bigint) from storage.objects as o
      where o.bucket_id = b.id and o.metadata ->> 'size' ~ '^[0-9]{1,18}$'
    ), 0) as bytes
    from storage.buckets as b
  )
  select 'storage_bytes', sample_whole_tables.at, jsonb_build_object('bucket', b.id), b.bytes
  from buckets as b
  union all
  select 'storage_total_bytes', sample_whole_tables.at, '{}', coalesce(sum(b.bytes), 0)
  from buckets as b;
  insert into pipeline.system_metrics (name, at, value)
  values (
    'whole_tables_seconds', sample_whole_tables.at,
    extract(epoch from clock_timestamp() - v_began)
  );
end
$$;

-- Called by cron every ten minutes.
create function pipeline.sample_slow_metrics()
returns void
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v_now timestamptz := pipeline.now();
begin
  if exists (
    select from pipeline.system_metrics as m where m.name = 'database_bytes' and m.at = v_now
  ) then
    return;
  end if;
  perform pipeline.sample_sizes(v_now);
  perform pipeline.sample_whole_tables(v_now);
end
$$;

-- The last sample of each metric, where it is not older than half an hour; of what reads whole
-- tables the last one.
create function pipeline.latest_metrics(at timestamptz default pipeline.now())
returns table (name text, labels jsonb, value double precision, sampled_at timestamptz)
language sql stable security invoker set search_path = ''
as $$
  with recursive names as (
    (select m.name from pipeline.system_metrics as m order by m.name limit 1)
    union all
    select (
      select m.name from pipeline.system_metrics as m where m.name > n.name
      order by m.name limit 1
    )
    from names as n where n.name is not null
  )
  select m.name, m.labels, m.value, m.at
  from names as n
  cross join lateral (
    select max(l.at) as at from pipeline.system_metrics as l
    where l.name = n.name and l.at <= latest_metrics.at
  ) as l
  join pipeline.system_metrics as m on m.name = n.name and m.at = l.at
  where l.at > latest_metrics.at - interval '30 minutes'
    or n.name in ('violations', 'storage_bytes', 'storage_total_bytes')
$$;

revoke all on function
  pipeline.sample_sizes(timestamptz),
  pipeline.sample_whole_tables(timestamptz),
  pipeline.sample_slow_metrics(),
  pipeline.latest_metrics(timestamptz)
from public, anon, authenticated;
grant execute on function pipeline.latest_metrics(timestamptz) to service_role;
