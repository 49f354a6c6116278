-- What would make every policy void: API roles with more rights than theirs, and others that may act
-- as them. The platform's own roles may, and postgres cannot make roles called supabase_… .
select
  'role' as kind,
  r.rolname::text as name,
  concat_ws(
    E'\n',
    case when r.rolbypassrls then 'bypasses row level security' else 'obeys row level security' end,
    case when r.rolsuper then 'superuser' end,
    case when r.rolcanlogin then 'may log in' end,
    case when r.rolcreaterole then 'may create roles' end,
    case when r.rolcreatedb then 'may create databases' end,
    'member of: ' || (
      select string_agg(pg_get_userbyid(m.roleid), ', ' order by pg_get_userbyid(m.roleid))
      from pg_catalog.pg_auth_members as m
      where m.member = r.oid
    ),
    'members: ' || (
      select string_agg(distinct u.rolname, ', ' order by u.rolname)
      from pg_catalog.pg_auth_members as m
      join pg_catalog.pg_roles as u on u.oid = m.member
      where m.roleid = r.oid
        and u.rolname not in ('postgres', 'authenticator', 'dashboard_user', 'pgbouncer')
        and u.rolname not in ('anon', 'authenticated', 'service_role')
        and u.rolname !~ '^(supabase|cli_login)_'
    )
  ) as definition,
  null as parent
from pg_catalog.pg_roles as r
where r.rolname in ('anon', 'authenticated', 'service_role')
