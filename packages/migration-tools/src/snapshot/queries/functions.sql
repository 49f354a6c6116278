-- Functions and procedures with everything that `create function` sets, and aggregates by name.
select
  case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind,
  p.oid::regprocedure::text as name,
  concat_ws(
    E'\n',
    'owner: ' || pg_get_userbyid(p.proowner),
    'comment: ' || obj_description(p.oid, 'pg_proc'),
    case p.prokind
      when 'a' then (
        select format(
          'aggregate of %s, state %s, final %s',
          a.aggtransfn, format_type(a.aggtranstype, null), a.aggfinalfn
        )
        from pg_catalog.pg_aggregate as a where a.aggfnoid = p.oid
      )
      else pg_get_functiondef(p.oid)
    end
  ) as definition,
  'schema ' || n.nspname as parent
from pg_catalog.pg_proc as p
join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
where n.nspname = any ($1)
  -- Hosted projects come with this one where automatic RLS was chosen when they were made.
  and not (p.proname = 'rls_auto_enable' and p.prorettype = 'pg_catalog.event_trigger'::regtype)
  and not exists (
    select from pg_catalog.pg_depend as e
    where e.classid = 'pg_catalog.pg_proc'::regclass and e.objid = p.oid and e.deptype = 'e'
  )
