-- Constraints of tables. Nullability is told with the column, constraint triggers with the triggers.
select
  'constraint' as kind,
  format('%I on %I.%I', k.conname, n.nspname, c.relname) as name,
  concat_ws(
    E'\n',
    pg_get_constraintdef(k.oid),
    case when exists (
      select from pg_catalog.pg_trigger as g
      where g.tgconstraint = k.oid and g.tgisinternal and g.tgenabled <> 'O'
    ) then 'not enforced: its triggers are disabled' end,
    'comment: ' || obj_description(k.oid, 'pg_constraint')
  ) as definition,
  'table ' || format('%I.%I', n.nspname, c.relname) as parent
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as c on c.oid = k.conrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1)
  and k.contype in ('c', 'f', 'p', 'u', 'x')
  and not exists (
    select from pg_catalog.pg_depend as e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
  )
