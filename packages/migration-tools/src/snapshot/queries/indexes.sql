-- Indexes but those that come with a constraint, and extended statistics.
select
  'index' as kind,
  format('%I.%I', c.schema, i.relname) as name,
  concat_ws(
    E'\n',
    pg_get_indexdef(x.indexrelid),
    case when not (x.indisvalid and x.indisready and x.indislive)
      then 'invalid: it is not used, and uniqueness is not sure' end,
    'comment: ' || obj_description(i.oid, 'pg_class')
  ) as definition,
  'table ' || c.name as parent
from pg_catalog.pg_index as x
join pg_catalog.pg_class as i on i.oid = x.indexrelid
join relation as c on c.oid = x.indrelid
where not exists (
  select from pg_catalog.pg_constraint as k
  where k.conindid = x.indexrelid and k.contype in ('p', 'u', 'x')
)

union all

select
  'statistics', format('%I.%I', n.nspname, s.stxname), pg_get_statisticsobjdef(s.oid),
  'table ' || format('%I.%I', t.nspname, c.relname)
from pg_catalog.pg_statistic_ext as s
join pg_catalog.pg_namespace as n on n.oid = s.stxnamespace
join pg_catalog.pg_class as c on c.oid = s.stxrelid
join pg_catalog.pg_namespace as t on t.oid = c.relnamespace
where n.nspname = any ($1)
