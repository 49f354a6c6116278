-- Enums, domains, composite types and ranges; not the row types that tables bring along.
select
  'type' as kind,
  t.name,
  concat_ws(
    E'\n',
    'owner: ' || pg_get_userbyid(t.typowner),
    case t.typtype
      when 'e' then 'enum: ' || (
        select string_agg(quote_literal(e.enumlabel), ', ' order by e.enumsortorder)
        from pg_catalog.pg_enum as e where e.enumtypid = t.oid
      )
      when 'd' then concat_ws(
        E'\n',
        'domain over ' || format_type(t.typbasetype, t.typtypmod),
        case when t.typnotnull then 'not null' end,
        'default: ' || t.typdefault,
        (
          select string_agg(format('%I %s', k.conname, pg_get_constraintdef(k.oid)), E'\n' order by k.conname)
          from pg_catalog.pg_constraint as k where k.contypid = t.oid and k.contype = 'c'
        )
      )
      when 'r' then 'range of ' || (
        select format_type(r.rngsubtype, null) from pg_catalog.pg_range as r where r.rngtypid = t.oid
      )
      else 'composite: ' || coalesce((
        select string_agg(
          format('%I %s', a.attname, format_type(a.atttypid, a.atttypmod)), ', ' order by a.attnum
        )
        from pg_catalog.pg_attribute as a
        where a.attrelid = t.typrelid and a.attnum > 0 and not a.attisdropped
      ), 'empty')
    end,
    'comment: ' || obj_description(t.oid, 'pg_type')
  ) as definition,
  'schema ' || t.schema as parent
from own_type as t
