-- $1: schemas. Privileges of the API's roles on tables and views; columns where only those.
select
  n.nspname as "schema",
  c.relname as "table",
  r.rolname as "role",
  lower(acl.privilege_type) as "privilege",
  null::jsonb as "columns"
from pg_class as c
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(c.relacl) as acl
join pg_roles as r on r.oid = acl.grantee
where n.nspname = any ($1) and c.relkind in ('r', 'p', 'v', 'm')
  and r.rolname in ('anon', 'authenticated', 'service_role')
union all
select
  n.nspname, c.relname, r.rolname, lower(acl.privilege_type),
  jsonb_agg(a.attname order by a.attnum)
from pg_attribute as a
join pg_class as c on c.oid = a.attrelid
join pg_namespace as n on n.oid = c.relnamespace
cross join lateral aclexplode(a.attacl) as acl
join pg_roles as r on r.oid = acl.grantee
where n.nspname = any ($1) and a.attacl is not null
  and r.rolname in ('anon', 'authenticated', 'service_role')
group by 1, 2, 3, 4
order by 1, 2, 3, 4
