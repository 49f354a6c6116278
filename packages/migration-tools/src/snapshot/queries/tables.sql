-- Tables of all sorts: how they are kept, row level security, replica identity, storage settings.
select
  'table' as kind,
  c.name,
  concat_ws(
    E'\n',
    case c.relpersistence when 'u' then 'unlogged ' else '' end
    || case c.relkind when 'p' then 'partitioned table' when 'f' then 'foreign table'
       else 'table' end,
    'owner: ' || pg_get_userbyid(c.relowner),
    'row level security: '
    || case when c.relrowsecurity then 'enabled' else 'disabled' end
    || case when c.relforcerowsecurity then ', forced on the owner' else '' end,
    'replica identity: ' || case c.relreplident
      when 'd' then 'primary key' when 'n' then 'nothing' when 'f' then 'full'
      else 'index ' || coalesce(
        (select x.indexrelid::regclass::text
         from pg_catalog.pg_index as x where x.indrelid = c.oid and x.indisreplident),
        'that is gone')
      end,
    'partitioned by ' || pg_get_partkeydef(c.oid),
    'partition ' || pg_get_expr(c.relpartbound, c.oid),
    'inherits: ' || (
      select string_agg(i.inhparent::regclass::text, ', ' order by i.inhseqno)
      from pg_catalog.pg_inherits as i where i.inhrelid = c.oid
    ),
    'options: ' || (select string_agg(o, ', ' order by o) from unnest(c.reloptions) as o),
    'comment: ' || obj_description(c.oid, 'pg_class')
  ) as definition,
  'schema ' || c.schema as parent
from relation as c
where c.relkind in ('r', 'p', 'f')

union all

-- Of Storage's tables only what makes the policies on them count.
select
  'table', format('%I.%I', n.nspname, c.relname),
  'row level security: ' || case when c.relrowsecurity then 'enabled' else 'disabled' end,
  null
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'storage' and c.relname in ('objects', 'buckets')

union all

-- Realtime makes its table when it starts, which may be later: only what is wrong with it is told.
select 'table', 'realtime.messages', 'row level security: disabled', null
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = 'realtime' and c.relname = 'messages' and not c.relrowsecurity
