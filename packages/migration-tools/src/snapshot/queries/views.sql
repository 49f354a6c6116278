-- Views, plain and materialized, with their options: `security_invoker` decides whose rights count.
select
  case c.relkind when 'm' then 'materialized view' else 'view' end as kind,
  format('%I.%I', n.nspname, c.relname) as name,
  concat_ws(
    E'\n',
    'owner: ' || pg_get_userbyid(c.relowner),
    'options: ' || (select string_agg(o, ', ' order by o) from unnest(c.reloptions) as o),
    'comment: ' || obj_description(c.oid, 'pg_class'),
    'column comments: ' || (
      select string_agg(format('%I: %s', a.attname, d.description), '; ' order by a.attnum)
      from pg_catalog.pg_attribute as a
      join pg_catalog.pg_description as d
        on d.classoid = 'pg_catalog.pg_class'::regclass
        and d.objoid = a.attrelid and d.objsubid = a.attnum
      where a.attrelid = c.oid and a.attnum > 0
    ),
    pg_get_viewdef(c.oid)
  ) as definition,
  'schema ' || n.nspname as parent
from pg_catalog.pg_class as c
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1)
  and c.relkind in ('v', 'm')
  and not exists (
    select from pg_catalog.pg_depend as e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
  )

union all

select
  'rule', format('%I on %I.%I', r.rulename, n.nspname, c.relname),
  concat_ws(
    E'\n', pg_get_ruledef(r.oid), case when r.ev_enabled <> 'O' then 'not enabled: ' || r.ev_enabled::text end
  ),
  case c.relkind when 'm' then 'materialized view ' when 'v' then 'view ' else 'table ' end
  || format('%I.%I', n.nspname, c.relname)
from pg_catalog.pg_rewrite as r
join pg_catalog.pg_class as c on c.oid = r.ev_class
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1)
  and r.rulename <> '_RETURN'
  and not exists (
    select from pg_catalog.pg_depend as e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
  )
