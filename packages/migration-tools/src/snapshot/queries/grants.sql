-- Who may do what, with the rights that Postgres gives where nobody has said anything. The
-- platform's own roles ($2) are left out, and what a schema's owner may do there.
with granted as (
  select
    'schema ' || n.nspname as object, acl.grantee, acl.privilege_type, acl.is_grantable
  from pg_catalog.pg_namespace as n
  cross join lateral aclexplode(coalesce(n.nspacl, acldefault('n', n.nspowner))) as acl
  where n.nspname = any ($1) and acl.grantee <> n.nspowner

  union all

  select
    case c.relkind when 'S' then 'sequence ' when 'v' then 'view ' when 'm' then 'materialized view '
      else 'table ' end || c.name,
    acl.grantee, acl.privilege_type, acl.is_grantable
  from relation as c
  cross join lateral aclexplode(coalesce(
    c.relacl,
    acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)
  )) as acl
  where c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')

  union all

  select
    format('column %s.%I', c.name, a.attname),
    acl.grantee, acl.privilege_type, acl.is_grantable
  from pg_catalog.pg_attribute as a
  join relation as c on c.oid = a.attrelid
  cross join lateral aclexplode(a.attacl) as acl
  where a.attnum > 0 and not a.attisdropped

  union all

  select p.kind || ' ' || p.name, acl.grantee, acl.privilege_type, acl.is_grantable
  from routine as p
  cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl

  union all

  select 'type ' || t.name, acl.grantee, acl.privilege_type, acl.is_grantable
  from own_type as t
  cross join lateral aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) as acl
),

named as (
  select g.*, case g.grantee when 0 then 'public' else pg_get_userbyid(g.grantee) end as role
  from granted as g
)

select
  'grant' as kind,
  format('%s to %s', g.object, g.role) as name,
  string_agg(
    lower(g.privilege_type) || case when g.is_grantable then ' with grant option' else '' end,
    ', ' order by g.privilege_type
  ) as definition,
  g.object as parent
from (
  select object, role, privilege_type, bool_or(is_grantable) as is_grantable from named group by 1, 2, 3
) as g
where g.role <> all ($2)
  -- Schema public belongs to somebody else on each platform.
  and not (g.object = 'schema public' and g.role in ('postgres', 'pg_database_owner'))
group by g.object, g.role

union all

-- Vault keeps the scheduler's secret key. Through whatever grant users come to read it, it is one.
select 'grant', 'view vault.decrypted_secrets to ' || r.rolname, 'select', null
from pg_catalog.pg_roles as r
where r.rolname in ('anon', 'authenticated')
  and has_any_column_privilege(r.oid, to_regclass('vault.decrypted_secrets'), 'select')
