-- $1: schemas. A row per table, its columns in their order.
select
  n.nspname as "schema",
  c.relname as "name",
  obj_description(c.oid, 'pg_class') as "comment",
  c.relrowsecurity as "hasRowSecurity",
  (
    select jsonb_agg(
      jsonb_build_object(
        'name', a.attname,
        'type', format_type(a.atttypid, a.atttypmod),
        'isNullable', not a.attnotnull,
        'default', case
          when a.attidentity <> '' then 'identity'
          else pg_get_expr(d.adbin, d.adrelid)
        end,
        'comment', col_description(c.oid, a.attnum)
      ) order by a.attnum
    )
    from pg_attribute as a
    left join pg_attrdef as d on d.adrelid = c.oid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  ) as "columns"
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
where c.relkind in ('r', 'p') and n.nspname = any ($1)
order by n.nspname <> 'public', c.relname
