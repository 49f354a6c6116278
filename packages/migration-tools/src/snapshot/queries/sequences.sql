-- Sequences, those behind identity columns included; how far they have counted is data.
select
  'sequence' as kind,
  c.name,
  concat_ws(
    E'\n',
    case c.relpersistence when 'u' then 'unlogged ' else '' end || format_type(s.seqtypid, null),
    'owner: ' || pg_get_userbyid(c.relowner),
    format(
      'start %s, increment %s, minimum %s, maximum %s, cache %s, %s',
      s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
      case when s.seqcycle then 'cycles' else 'does not cycle' end
    ),
    'belongs to ' || o.table_name || '.' || o.column_name,
    'comment: ' || obj_description(c.oid, 'pg_class')
  ) as definition,
  coalesce('table ' || o.table_name, 'schema ' || c.schema) as parent
from pg_catalog.pg_sequence as s
join relation as c on c.oid = s.seqrelid
left join lateral (
  select d.refobjid::regclass as table_name, quote_ident(a.attname) as column_name
  from pg_catalog.pg_depend as d
  join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
  where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
    and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
  limit 1
) as o on true
