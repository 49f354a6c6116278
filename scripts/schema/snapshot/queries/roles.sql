-- What would make every policy void: API roles that bypass row level security.
select
  'role' as kind,
  r.rolname::text as name,
  concat_ws(
    E'\n',
    case when r.rolbypassrls then 'bypasses row level security' else 'obeys row level security' end,
    case when r.rolsuper then 'superuser' end,
    'member of: ' || (
      select string_agg(pg_get_userbyid(m.roleid), ', ' order by pg_get_userbyid(m.roleid))
      from pg_catalog.pg_auth_members as m
      where m.member = r.oid
    )
  ) as definition,
  null as parent
from pg_catalog.pg_roles as r
where r.rolname in ('anon', 'authenticated', 'service_role')
