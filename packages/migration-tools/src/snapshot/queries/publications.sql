-- The publication that Realtime follows, whole, and every other that has a table of ours.
with ours as (
  select b.*
  from pg_catalog.pg_publication as b
  where b.pubname = 'supabase_realtime'
    or b.puballtables
    or exists (
      select from pg_catalog.pg_publication_tables as t
      where t.pubname = b.pubname and t.schemaname = any ($1)
    )
    or exists (
      select from pg_catalog.pg_publication_namespace as m
      join pg_catalog.pg_namespace as n on n.oid = m.pnnspid
      where m.pnpubid = b.oid and n.nspname = any ($1)
    )
)

select
  'publication' as kind,
  b.pubname::text as name,
  concat_ws(
    E'\n',
    'publishes: ' || concat_ws(
      ', ',
      case when b.pubinsert then 'insert' end, case when b.pubupdate then 'update' end,
      case when b.pubdelete then 'delete' end, case when b.pubtruncate then 'truncate' end
    ),
    case when b.pubviaroot then 'via the partition root' end,
    case when b.puballtables then 'all tables' end,
    'all tables of: ' || (
      select string_agg(n.nspname, ', ' order by n.nspname)
      from pg_catalog.pg_publication_namespace as m
      join pg_catalog.pg_namespace as n on n.oid = m.pnnspid
      where m.pnpubid = b.oid
    )
  ) as definition,
  null as parent
from ours as b

union all

select
  'published table', format('%s in %I', r.prrelid::regclass, b.pubname),
  concat_ws(
    E'\n',
    'columns: ' || coalesce((
      select string_agg(format('%I', a.attname), ', ' order by a.attname)
      from pg_catalog.pg_attribute as a
      where a.attrelid = r.prrelid and a.attnum = any (r.prattrs::int2[])
    ), 'all'),
    'rows where ' || pg_get_expr(r.prqual, r.prrelid)
  ),
  'table ' || r.prrelid::regclass
from ours as b
join pg_catalog.pg_publication_rel as r on r.prpubid = b.oid
