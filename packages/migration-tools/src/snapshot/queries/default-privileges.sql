-- What objects made later will grant by themselves. Hosted projects and the Docker stack (known by
-- their role dashboard_user) come with grants in schema public that differ with a project's age,
-- and that migrations revoke by name: there they are left out.
with entries as (
  select
    r.oid as role, 0::oid as namespace, t.code,
    coalesce(d.defaclacl, acldefault(t.acl_code::"char", r.oid)) as acl
  from (
    values ('r', 'r'), ('S', 's'), ('f', 'f'), ('T', 'T'), ('n', 'n')
  ) as t (code, acl_code)
  cross join pg_catalog.pg_roles as r
  left join pg_catalog.pg_default_acl as d
    on d.defaclrole = r.oid and d.defaclnamespace = 0 and d.defaclobjtype = t.code::"char"
  where r.rolname = 'postgres'

  union all

  select d.defaclrole, d.defaclnamespace, d.defaclobjtype::text, d.defaclacl
  from pg_catalog.pg_default_acl as d
  join pg_catalog.pg_namespace as n on n.oid = d.defaclnamespace
  where n.nspname = any ($1)
),

exploded as (
  select
    pg_get_userbyid(e.role)::text as maker,
    (select n.nspname::text from pg_catalog.pg_namespace as n where n.oid = e.namespace) as namespace,
    case e.code
      when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
      when 'T' then 'types' else 'schemas' end as objects,
    case acl.grantee when 0 then 'public' else pg_get_userbyid(acl.grantee)::text end as grantee,
    lower(acl.privilege_type)
    || case when acl.is_grantable then ' with grant option' else '' end as privilege
  from entries as e
  cross join lateral aclexplode(e.acl) as acl
)

select
  'default privileges' as kind,
  format(
    '%s made by %s%s to %s', x.objects, x.maker, ' in ' || x.namespace, x.grantee
  ) as name,
  string_agg(x.privilege, ', ' order by x.privilege) as definition,
  null as parent
from exploded as x
where x.maker <> all ($2) and x.grantee <> all ($2)
  and not (
    x.namespace is not distinct from 'public'
    and x.grantee in ('postgres', 'anon', 'authenticated', 'service_role')
    and exists (select from pg_catalog.pg_roles as r where r.rolname = 'dashboard_user')
  )
group by x.objects, x.maker, x.namespace, x.grantee
