-- $1: schemas. Types of our own that are another type with rules.
select
  n.nspname as "schema",
  t.typname as "name",
  format_type(t.typbasetype, t.typtypmod) as "type",
  obj_description(t.oid, 'pg_type') as "comment",
  (
    select jsonb_agg(
      jsonb_build_object('name', k.conname, 'definition', pg_get_constraintdef(k.oid, true))
      order by k.conname
    )
    from pg_constraint as k where k.contypid = t.oid and k.contype = 'c'
  ) as "rules"
from pg_type as t
join pg_namespace as n on n.oid = t.typnamespace
where t.typtype = 'd' and n.nspname = any ($1)
order by n.nspname <> 'public', t.typname
