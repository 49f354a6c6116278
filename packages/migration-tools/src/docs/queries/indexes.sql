-- $1: schemas. Indexes behind constraints stand with those.
select
  n.nspname as "schema",
  c.relname as "table",
  i.relname as "name",
  x.indisunique as "isUnique",
  regexp_replace(pg_get_indexdef(x.indexrelid), '^.* USING ', '') as "definition"
from pg_index as x
join pg_class as c on c.oid = x.indrelid
join pg_class as i on i.oid = x.indexrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1)
  and not exists (select from pg_constraint as k where k.conindid = x.indexrelid and k.contype in ('p', 'u'))
order by i.relname
