-- $1: schemas. Not-null constraints stand with the columns.
select
  n.nspname as "schema",
  c.relname as "table",
  k.conname as "name",
  k.contype as "kind",
  pg_get_constraintdef(k.oid, true) as "definition",
  (
    select jsonb_agg(a.attname order by u.place)
    from unnest(k.conkey) with ordinality as u (attnum, place)
    join pg_attribute as a on a.attrelid = k.conrelid and a.attnum = u.attnum
  ) as "columns"
from pg_constraint as k
join pg_class as c on c.oid = k.conrelid
join pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1) and k.contype in ('p', 'u', 'f', 'c')
order by position(k.contype::text in 'pufc'), k.conname
