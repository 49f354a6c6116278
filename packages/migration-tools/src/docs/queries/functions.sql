-- $1: schemas.
select
  n.nspname as "schema",
  p.proname as "name",
  pg_get_function_arguments(p.oid) as "arguments",
  pg_get_function_result(p.oid) as "returns",
  p.prosecdef as "isDefiner",
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' else 'volatile' end
    as "volatility",
  obj_description(p.oid, 'pg_proc') as "comment",
  coalesce((
    select jsonb_agg(distinct coalesce(r.rolname, 'public'))
    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) as acl
    left join pg_roles as r on r.oid = acl.grantee
    where acl.grantee <> p.proowner
  ), '[]') as "executors"
from pg_proc as p
join pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any ($1) and p.prokind in ('f', 'p')
order by n.nspname <> 'public', p.proname, 3
