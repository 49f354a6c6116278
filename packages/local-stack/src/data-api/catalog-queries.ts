/** What the Data API has to know of the database; each query answers with one JSON document. */

/** Tables and views with columns, keys and, for views, the target list of their query. */
export const relationsQuery = `
select coalesce(json_agg(json_build_object(
  'id', c.oid::int, 'schema', n.nspname, 'name', c.relname,
  'isView', c.relkind in ('v', 'm'), 'isTable', c.relkind = 'r',
  'columns', (
    select coalesce(json_agg(json_build_object(
      'name', a.attname, 'number', a.attnum,
      'type', format_type(a.atttypid, a.atttypmod),
      'default', case
        -- By its oid: a name would raise an error where the table has just been dropped.
        when a.attidentity <> '' then (select format('nextval(%L)', o.objid::regclass)
          from pg_depend o where o.classid = 'pg_class'::regclass and o.deptype = 'i'
          and o.refobjid = a.attrelid and o.refobjsubid = a.attnum)
        when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid)
      end) order by a.attnum), '[]')
    from pg_attribute a
    left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped),
  'keys', (
    select coalesce(json_agg(json_build_object('isPrimary', i.indisprimary, 'columns', (
      select json_agg(a.attname order by k.place)
      from unnest(i.indkey::int2[]) with ordinality as k (number, place)
      join pg_attribute a on a.attrelid = c.oid and a.attnum = k.number))), '[]')
    from pg_index i
    where i.indrelid = c.oid and i.indisunique and i.indpred is null and i.indexprs is null),
  'query', (
    select r.ev_action::text from pg_rewrite r
    where r.ev_class = c.oid and r.rulename = '_RETURN' and c.relkind in ('v', 'm'))
)), '[]')::text as document
from pg_class c
join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'v', 'm', 'f', 'p') and not c.relispartition
  and n.nspname not like 'pg\\_%' and n.nspname <> 'information_schema'`;

export const foreignKeysQuery = `
select coalesce(json_agg(json_build_object(
  'name', k.conname,
  'table', json_build_object('schema', cn.nspname, 'name', c.relname),
  'target', json_build_object('schema', tn.nspname, 'name', t.relname),
  'columns', (select json_agg(a.attname order by p.place)
    from unnest(k.conkey) with ordinality as p (number, place)
    join pg_attribute a on a.attrelid = k.conrelid and a.attnum = p.number),
  'targetColumns', (select json_agg(a.attname order by p.place)
    from unnest(k.confkey) with ordinality as p (number, place)
    join pg_attribute a on a.attrelid = k.confrelid and a.attnum = p.number)
) order by k.conname), '[]')::text as document
from pg_constraint k
join pg_class c on c.oid = k.conrelid
join pg_namespace cn on cn.oid = c.relnamespace
join pg_class t on t.oid = k.confrelid
join pg_namespace tn on tn.oid = t.relnamespace
where k.contype = 'f' and k.conparentid = 0`;

/** Functions of the exposed schemas, $1. */
export const routinesQuery = `
select coalesce(json_agg(json_build_object(
  'schema', n.nspname, 'name', p.proname, 'isSet', p.proretset,
  'isOneRow', not p.proretset or p.prorows = 1,
  'isVoid', p.prorettype = 'void'::regtype,
  'isStable', p.provolatile <> 'v',
  'isComposite', coalesce(r.oid is not null or p.prorettype = 'record'::regtype, false),
  'settings', coalesce(to_json(p.proconfig), '[]'),
  'relation', case when r.oid is null then null
    else json_build_object('schema', rn.nspname, 'name', r.relname) end,
  'fields', (select coalesce(json_agg(a.name order by a.place), '[]')
    from unnest(p.proargnames, p.proargmodes) with ordinality as a (name, mode, place)
    where a.mode in ('o', 'b', 't')),
  'parameters', (select coalesce(json_agg(json_build_object(
      'name', coalesce(a.name, ''), 'type', format_type(a.type, null),
      'isRequired', a.place <= p.pronargs - p.pronargdefaults,
      'isVariadic', coalesce(a.mode = 'v', false),
      'relation', (select json_build_object('schema', an.nspname, 'name', ac.relname)
        from pg_type at join pg_class ac on ac.oid = at.typrelid
        join pg_namespace an on an.oid = ac.relnamespace
        where at.oid = a.type and ac.relkind <> 'c')) order by a.place), '[]')
    from (
      select i.type, i.name, i.mode, row_number() over (order by i.place) as place
      from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[]), p.proargnames, p.proargmodes)
        with ordinality as i (type, name, mode, place)
      where coalesce(i.mode, 'i') in ('i', 'b', 'v')
    ) as a)
) order by p.proname, pg_get_function_identity_arguments(p.oid)), '[]')::text as document
from pg_proc p
join pg_namespace n on n.oid = p.pronamespace
join pg_type t on t.oid = p.prorettype
left join pg_type b on b.oid = nullif(t.typbasetype, 0)
left join pg_class r on r.oid = nullif(coalesce(b.typrelid, t.typrelid), 0)
left join pg_namespace rn on rn.oid = r.relnamespace
where p.prokind = 'f' and n.nspname = any ($1)`;

/** Settings of the API's roles, of this database and of all; those of this one come last. */
export const settingsQuery = `
select coalesce(json_agg(json_build_array(r.rolname, split_part(s, '=', 1),
  substr(s, strpos(s, '=') + 1), coalesce(p.context = 'user', false)) order by d.setdatabase), '[]')::text as document
from pg_db_role_setting d
join pg_roles r on r.oid = d.setrole
cross join unnest(d.setconfig) as s
left join pg_settings p on p.name = split_part(s, '=', 1)
where d.setdatabase in (0, (select oid from pg_database where datname = current_database()))
  and pg_has_role('authenticator', r.oid, 'member')`;
