-- $1: schemas.
select
  n.nspname as "schema",
  c.relname as "table",
  t.tgname as "name",
  regexp_replace(
    regexp_replace(pg_get_triggerdef(t.oid, true), '^CREATE (CONSTRAINT )?TRIGGER \S+ ', ''),
    ' ON \S+', ''
  ) as "definition"
from pg_trigger as t
join pg_class as c on c.oid = t.tgrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1) and not t.tgisinternal
order by t.tgname
