-- Functions and procedures with everything that `create function` sets, and aggregates by name.
select
  p.kind,
  p.name,
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
  'schema ' || p.schema as parent
from routine as p
