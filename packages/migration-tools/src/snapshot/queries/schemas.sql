-- Schemas. Owners are left out: `public` has another on hosted than here.
select
  'schema' as kind,
  n.nspname::text as name,
  concat_ws(E'\n', 'schema', 'comment: ' || obj_description(n.oid, 'pg_namespace')) as definition,
  null as parent
from pg_catalog.pg_namespace as n
where n.nspname = any ($1)
