-- $1: names of schemas. Column names come as they are named in packages/migration-tools/src/relationships.
select
  k.conname as "name",
  child_schema.nspname as "schema",
  child.relname as "table",
  child_columns.names as "columns",
  exists (
    select from pg_catalog.pg_constraint as u
    where u.conrelid = k.conrelid and u.contype in ('p', 'u')
      and u.conkey @> k.conkey and u.conkey <@ k.conkey
  ) as "isUnique",
  child_columns.nullable as "isNullable",
  exists (
    select from pg_catalog.pg_constraint as p
    where p.conrelid = k.conrelid and p.contype = 'p' and p.conkey @> k.conkey
  ) as "isPartOfPrimaryKey",
  parent_schema.nspname as "targetSchema",
  parent.relname as "targetTable",
  parent_columns.names as "targetColumns"
from pg_catalog.pg_constraint as k
join pg_catalog.pg_class as child on child.oid = k.conrelid
join pg_catalog.pg_namespace as child_schema on child_schema.oid = child.relnamespace
join pg_catalog.pg_class as parent on parent.oid = k.confrelid
join pg_catalog.pg_namespace as parent_schema on parent_schema.oid = parent.relnamespace
cross join lateral (
  select
    array_agg(a.attname::text order by c.place) as names,
    bool_or(not a.attnotnull) as nullable
  from unnest(k.conkey) with ordinality as c (attnum, place)
  join pg_catalog.pg_attribute as a on a.attrelid = k.conrelid and a.attnum = c.attnum
) as child_columns
cross join lateral (
  select array_agg(a.attname::text order by c.place) as names
  from unnest(k.confkey) with ordinality as c (attnum, place)
  join pg_catalog.pg_attribute as a on a.attrelid = k.confrelid and a.attnum = c.attnum
) as parent_columns
where k.contype = 'f' and child_schema.nspname = any ($1)
order by child_schema.nspname <> 'public', 2, 3, 1
