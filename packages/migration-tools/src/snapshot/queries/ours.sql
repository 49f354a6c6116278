-- What the other queries begin from: relations, routines and types of the project's schemas ($1),
-- without those of extensions. $2: roles of the platform, $3: names of cron jobs, as a pattern.
with parameters as (
  select $1::text[] as schemas, $2::text[] as roles, $3::text as jobs
),

of_extensions as (
  select e.classid, e.objid from pg_catalog.pg_depend as e where e.deptype = 'e'
),

relation as (
  select c.*, n.nspname as schema, format('%I.%I', n.nspname, c.relname) as name
  from pg_catalog.pg_class as c
  join pg_catalog.pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1) and ('pg_catalog.pg_class'::regclass, c.oid) not in (table of_extensions)
),

routine as (
  select p.*, n.nspname as schema, p.oid::regprocedure::text as name,
    case p.prokind when 'p' then 'procedure' when 'a' then 'aggregate' else 'function' end as kind
  from pg_catalog.pg_proc as p
  join pg_catalog.pg_namespace as n on n.oid = p.pronamespace
  where n.nspname = any ($1) and ('pg_catalog.pg_proc'::regclass, p.oid) not in (table of_extensions)
    -- Hosted projects come with this one where automatic RLS was chosen when they were made.
    and not (p.proname = 'rls_auto_enable' and p.prorettype = 'pg_catalog.event_trigger'::regtype)
),

-- Not the row types that tables bring along.
own_type as (
  select t.*, n.nspname as schema, format('%I.%I', n.nspname, t.typname) as name
  from pg_catalog.pg_type as t
  join pg_catalog.pg_namespace as n on n.oid = t.typnamespace
  left join pg_catalog.pg_class as c on c.oid = t.typrelid
  where n.nspname = any ($1) and ('pg_catalog.pg_type'::regclass, t.oid) not in (table of_extensions)
    and (t.typtype in ('e', 'd', 'r') or (t.typtype = 'c' and c.relkind = 'c'))
)

