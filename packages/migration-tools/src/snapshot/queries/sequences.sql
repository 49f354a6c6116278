-- Sequences, those behind identity columns included; how far they have counted is data.
select
  'sequence' as kind,
  format('%I.%I', n.nspname, c.relname) as name,
  concat_ws(
    E'\n',
    case c.relpersistence when 'u' then 'unlogged ' else '' end || format_type(s.seqtypid, null),
    'owner: ' || pg_get_userbyid(c.relowner),
    format(
      'start %s, increment %s, minimum %s, maximum %s, cache %s, %s',
      s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache,
      case when s.seqcycle then 'cycles' else 'does not cycle' end
    ),
    'belongs to ' || (
      select format('%s.%I', d.refobjid::regclass, a.attname)
      from pg_catalog.pg_depend as d
      join pg_catalog.pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
        and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
      limit 1
    ),
    'comment: ' || obj_description(c.oid, 'pg_class')
  ) as definition,
  coalesce(
    (
      select 'table ' || d.refobjid::regclass
      from pg_catalog.pg_depend as d
      where d.classid = 'pg_catalog.pg_class'::regclass and d.objid = c.oid
        and d.refclassid = 'pg_catalog.pg_class'::regclass and d.deptype in ('a', 'i')
      limit 1
    ),
    'schema ' || n.nspname
  ) as parent
from pg_catalog.pg_sequence as s
join pg_catalog.pg_class as c on c.oid = s.seqrelid
join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
where n.nspname = any ($1)
  and not exists (
    select from pg_catalog.pg_depend as e
    where e.classid = 'pg_catalog.pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
  )
