-- $1: schemas.
select
  n.nspname as "schema",
  c.relname as "name",
  obj_description(c.oid, 'pg_class') as "comment",
  (
    select jsonb_agg(
      jsonb_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod))
      order by a.attnum
    )
    from pg_attribute as a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) as "columns",
  'security_invoker=true' = any (coalesce(c.reloptions, '{}'))
    or 'security_invoker=on' = any (coalesce(c.reloptions, '{}')) as "isInvoker"
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('v', 'm') and n.nspname = any ($1)
order by n.nspname <> 'public', c.relname
