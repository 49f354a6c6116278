-- Columns of tables: type, collation, nullability, default, identity, generation, storage. Their
-- order is that of the table, for the page about it; it is not compared: nothing may depend on it.
select
  'column' as kind,
  format('%s.%I', c.name, a.attname) as name,
  concat_ws(
    E'\n',
    'type: ' || format_type(a.atttypid, a.atttypmod),
    case when a.attcollation <> t.typcollation then 'collation: ' || a.attcollation::regcollation end,
    case when a.attnotnull then 'not null' else 'null allowed' end,
    case a.attidentity when 'a' then 'identity: always' when 'd' then 'identity: by default' end,
    case a.attgenerated
      when 's' then 'generated, stored: ' || pg_get_expr(d.adbin, d.adrelid)
      when 'v' then 'generated: ' || pg_get_expr(d.adbin, d.adrelid)
      else 'default: ' || pg_get_expr(d.adbin, d.adrelid)
    end,
    case when a.attstorage <> t.typstorage then 'storage: ' || a.attstorage::text end,
    'options: ' || (select string_agg(o, ', ' order by o) from unnest(a.attoptions) as o),
    'comment: ' || col_description(a.attrelid, a.attnum)
  ) as definition,
  'table ' || c.name as parent
from pg_catalog.pg_attribute as a
join relation as c on c.oid = a.attrelid
join pg_catalog.pg_type as t on t.oid = a.atttypid
left join pg_catalog.pg_attrdef as d on d.adrelid = a.attrelid and d.adnum = a.attnum
where c.relkind in ('r', 'p', 'f') and a.attnum > 0 and not a.attisdropped
order by c.name, a.attnum
