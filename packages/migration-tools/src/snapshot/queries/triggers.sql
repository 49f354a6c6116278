-- Triggers on our tables, those elsewhere that call a function of ours, and those that somebody put
-- on users and stored objects: the platform's own call functions of the platform's schemas. What a
-- partition has from its table is not told.
select
  'trigger' as kind,
  format('%I on %I.%I', g.tgname, n.nspname, c.relname) as name,
  concat_ws(
    E'\n',
    pg_get_triggerdef(g.oid),
    case g.tgenabled
      when 'O' then 'enabled' when 'D' then 'disabled'
      when 'R' then 'enabled on replicas only' else 'enabled always' end,
    'comment: ' || obj_description(g.oid, 'pg_trigger')
  ) as definition,
  case c.relkind when 'v' then 'view ' else 'table ' end
  || format('%I.%I', n.nspname, c.relname) as parent
from pg_catalog.pg_trigger as g
join pg_catalog.pg_class as c on c.oid = g.tgrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
join pg_catalog.pg_proc as p on p.oid = g.tgfoid
join pg_catalog.pg_namespace as f on f.oid = p.pronamespace
where not g.tgisinternal and g.tgparentid = 0
  and (
    n.nspname = any ($1)
    or f.nspname = any ($1)
    or (
      (n.nspname, c.relname) in (('auth', 'users'), ('storage', 'objects'))
      and f.nspname not in (
        'auth', 'storage', 'realtime', 'extensions', 'pgsodium', 'vault', 'graphql', 'graphql_public'
      )
    )
  )

union all

select
  'event trigger', v.evtname::text,
  format(
    E'on %s execute %s\n%s', v.evtevent, v.evtfoid::regprocedure,
    case v.evtenabled when 'D' then 'disabled' else 'enabled' end
  ),
  null
from pg_catalog.pg_event_trigger as v
join pg_catalog.pg_proc as p on p.oid = v.evtfoid
join pg_catalog.pg_namespace as f on f.oid = p.pronamespace
where f.nspname = any ($1)
  and p.proname <> 'rls_auto_enable'
