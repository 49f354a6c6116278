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
    case when c.relkind = 'S' then 'sequence ' when c.relkind = 'v' then 'view '
      when c.relkind = 'm' then 'materialized view ' else 'table ' end
    || format('%I.%I', n.nspname, c.relname),
    acl.grantee, acl.privilege_type, acl.is_grantable
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  cross join lateral aclexplode(coalesce(
    c.relacl,
    acldefault(case c.relkind when 'S' then 's' else 'r' end::"char", c.relowner)
  )) as acl
  where n.nspname = any ($1)
    and c.relkind in ('r', 'p', 'f', 'v', 'm', 'S')
    and not exists (
      select from pg_catalog.pg_depend as e
      where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
    )

  union all

  select
    'column ' || format('%I.%I.%I', n.nspname, c.relname, a.attname),
    acl.grantee, acl.privilege_type, acl.is_grantable
  from pg_catalog.pg_attribute as a
  join pg_catalog.pg_class as c on c.oid = a.attrelid
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  cross join lateral aclexplode(a.attacl) as acl
  where n.nspname = any ($1) and a.attnum > 0 and not a.attisdropped

  union all

  select
    case p.prokind when 'p' then 'procedure ' when 'a' then 'aggregate ' else 'function ' end
    || p.oid::regprocedure,
    acl.grantee, acl.privilege_type, acl.is_grantable
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  cross join lateral aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl
  where n.nspname = any ($1)
    and not (p.proname = 'rls_auto_enable' and p.prorettype = 'pg_catalog.event_trigger'::regtype)
    and not exists (
      select from pg_catalog.pg_depend as e
      where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e'
    )

  union all

  select
    'type ' || format('%I.%I', n.nspname, t.typname),
    acl.grantee, acl.privilege_type, acl.is_grantable
  from pg_catalog.pg_type as t
  join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
  left join pg_catalog.pg_class as c on c.oid = t.typrelid
  cross join lateral aclexplode(coalesce(t.typacl, acldefault('T', t.typowner))) as acl
  where n.nspname = any ($1)
    and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
    and not exists (
      select from pg_catalog.pg_depend as e
      where e.classid = 'pg_catalog.pg_type'::regclass and e.objid = t.oid and e.deptype = 'e'
    )
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
from (select distinct object, role, privilege_type, bool_or(is_grantable) over (
  partition by object, role, privilege_type
) as is_grantable from named) as g
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
