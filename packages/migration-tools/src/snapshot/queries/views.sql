-- Views, plain and materialized, with their options: `security_invoker` decides whose rights count.
select
  case c.relkind when 'm' then 'materialized view' else 'view' end as kind,
  c.name,
  concat_ws(
    E'\n',
    'owner: ' || pg_get_userbyid(c.relowner),
    'options: ' || (select string_agg(o, ', ' order by o) from unnest(c.reloptions) as o),
    'comment: ' || obj_description(c.oid, 'pg_class'),
    'columns: ' || (
      select string_agg(
        format('%I: %s', a.attname, coalesce(col_description(c.oid, a.attnum), '')),
        '; ' order by a.attnum
      )
      from pg_catalog.pg_attribute as a where a.attrelid = c.oid and a.attnum > 0
    ),
    pg_get_viewdef(c.oid)
  ) as definition,
  'schema ' || c.schema as parent
from relation as c
where c.relkind in ('v', 'm')

union all

select
  'rule', format('%I on %s', r.rulename, c.name),
  concat_ws(
    E'\n', pg_get_ruledef(r.oid), case when r.ev_enabled <> 'O' then 'not enabled: ' || r.ev_enabled::text end
  ),
  case c.relkind when 'm' then 'materialized view ' when 'v' then 'view ' else 'table ' end || c.name
from pg_catalog.pg_rewrite as r
join relation as c on c.oid = r.ev_class
where r.rulename <> '_RETURN'
