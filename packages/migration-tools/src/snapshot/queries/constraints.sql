-- Constraints of tables. Nullability is told with the column, constraint triggers with the triggers.
select
  'constraint' as kind,
  format('%I on %s', k.conname, c.name) as name,
  concat_ws(
    E'\n',
    pg_get_constraintdef(k.oid),
    case when exists (
      select from pg_catalog.pg_trigger as g
      where g.tgconstraint = k.oid and g.tgisinternal and g.tgenabled <> 'O'
    ) then 'not enforced: its triggers are disabled' end,
    'comment: ' || obj_description(k.oid, 'pg_constraint')
  ) as definition,
  'table ' || c.name as parent
from pg_catalog.pg_constraint as k
join relation as c on c.oid = k.conrelid
where k.contype in ('c', 'f', 'p', 'u', 'x')
