import { bodiesResolve } from "./bodies.ts";
import type { DatabaseRule } from "./database-rule.ts";
import { anonHasReason, grantedByName } from "./grants.ts";

const isOurs = `n.nspname = any ($1) and not exists (
  select from pg_depend as e
  where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e'
)`;

const policies = `
  select p.*, c.relname, n.nspname, format('%I on %I.%I', p.polname, n.nspname, c.relname) as name
  from pg_policy as p
  join pg_class as c on c.oid = p.polrelid
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname = any ($1) or c.oid = to_regclass('storage.objects')`;

export const databaseRules: DatabaseRule[] = [
  {
    id: "commented",
    says: "Every table, view and column has a comment.",
    why: "Studio, the generated documentation and the types show it; the code of a migration nobody reads.",
    remedy: "Add: comment on … is 'What it means.';",
    find: `
      select k.kind, format('%I.%I', n.nspname, c.relname) as name, 'has no comment' as fault
      from pg_class as c
      join pg_namespace as n on n.oid = c.relnamespace
      join (values ('r', 'table'), ('p', 'table'), ('v', 'view')) as k (code, kind)
        on k.code = c.relkind::text
      where ${isOurs} and obj_description(c.oid, 'pg_class') is null
      union all
      select 'column', format('%I.%I.%I', n.nspname, c.relname, a.attname), 'has no comment'
      from pg_attribute as a
      join pg_class as c on c.oid = a.attrelid
      join pg_namespace as n on n.oid = c.relnamespace
      where ${isOurs} and c.relkind in ('r', 'p', 'v') and a.attnum > 0 and not a.attisdropped
        and col_description(c.oid, a.attnum) is null`,
  },
  {
    id: "row-security",
    says: "Every table has row level security, or `-- Open: reason` over the statement that makes it.",
    why: "A table of an exposed schema without it is open to whoever holds the publishable key and a grant.",
    remedy: "Add: alter table … enable row level security;",
    unless: "Open",
    find: `
      select 'table' as kind, format('%I.%I', n.nspname, c.relname) as name,
        'has no row level security' as fault
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where ${isOurs} and c.relkind in ('r', 'p') and not c.relrowsecurity`,
  },
  {
    id: "grants-match-policies",
    says: "Users have a policy for each command that they are granted on a table, and the other way round.",
    why: "A grant without a policy finds no rows and changes none; a policy without a grant is refused.",
    remedy: "Write the policy and the grant for the same commands and roles.",
    find: `
      with commands (code, command) as (
        values ('r', 'select'), ('a', 'insert'), ('w', 'update'), ('d', 'delete')
      ),
      rights as (
        select format('%I.%I', n.nspname, c.relname) as name, r.rolname, m.command,
          has_table_privilege(r.oid, c.oid, m.command)
          or (m.command <> 'delete' and has_any_column_privilege(r.oid, c.oid, m.command))
            as is_granted,
          bool_or(p.polcmd in (m.code::"char", '*')) as has_policy,
          bool_or(p.polcmd = m.code::"char") as has_own_policy
        from pg_class as c
        join pg_namespace as n on n.oid = c.relnamespace
        cross join pg_roles as r
        cross join commands as m
        left join pg_policy as p on p.polrelid = c.oid and p.polroles && array[0::oid, r.oid]
        where ${isOurs} and c.relkind in ('r', 'p') and r.rolname in ('anon', 'authenticated')
        group by n.nspname, c.relname, c.oid, r.rolname, r.oid, m.command
      )
      select 'table' as kind, name,
        case when is_granted then 'lets ' || rolname || ' ' || command || ' and has no policy for it'
          else 'has a policy for ' || rolname || ' to ' || command || ' and no grant' end as fault
      from rights
      where case when is_granted then has_policy is not true else has_own_policy is true end`,
  },
  grantedByName,
  anonHasReason,
  {
    id: "policy-for-role",
    says: "A policy names its roles, and never `public`.",
    why: "Without `to` a policy is evaluated for every role there is, `anon` among them.",
    remedy: "Say to which roles: for select to authenticated.",
    find: `
      select 'policy' as kind, p.name, 'is for every role there is' as fault
      from (${policies}) as p where 0 = any (p.polroles)`,
  },
  {
    id: "policy-names-owner",
    says: "A policy for users on a table whose rows belong to users compares a column with `auth.uid()` in all its branches, lets nobody at any row, or has `-- Open: reason` over it.",
    why: "`using (true)` there shows everybody's rows to everybody.",
    remedy: "Compare the owner with (select auth.uid()), or say why not: -- Open: reason.",
    unless: "Open",
    find: `
      with recursive owned (id) as (
        select unnest(array[to_regclass('auth.users'), to_regclass('storage.objects')])::oid
        union
        select k.conrelid from owned as o join pg_constraint as k on k.confrelid = o.id
      )
      select 'policy' as kind, p.name, 'lets users at rows of other owners' as fault,
        array[pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)]
          as conditions
      from (${policies}) as p
      where p.polrelid in (select id from owned) and p.polpermissive
        and p.polroles <> array['service_role'::regrole::oid]`,
  },
  {
    id: "policy-columns-indexed",
    says: "Every key that a policy looks at is the first column of an index.",
    why: "A policy is a condition of every query; without an index each of them reads the whole table.",
    remedy: "Create an index whose first column it is.",
    find: `
      select distinct 'policy' as kind, p.name,
        format('looks at %I.%I.%I, with which no index begins', n.nspname, c.relname, a.attname)
          as fault
      from (${policies}) as p
      join pg_depend as d on d.classid = 'pg_policy'::regclass and d.objid = p.oid
      join pg_attribute as a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
      join pg_class as c on c.oid = a.attrelid
      join pg_namespace as n on n.oid = c.relnamespace
      where d.refclassid = 'pg_class'::regclass and d.refobjsubid > 0 and ${isOurs}
        -- A flag or a status is compared with a constant, and an index on it finds half the table.
        and (a.atttypid in ('uuid'::regtype, 'int4'::regtype, 'int8'::regtype))
        and not exists (
          select from pg_index as x where x.indrelid = a.attrelid and x.indkey[0] = a.attnum
        )`,
  },
  {
    id: "view-runs-as-caller",
    says: "Every view has `security_invoker = true`.",
    why: "Without it a view reads with its owner's rights, past the policies of the tables below it.",
    remedy: "Write: create view … with (security_invoker = true) as …",
    find: `
      select 'view' as kind, format('%I.%I', n.nspname, c.relname) as name,
        'reads with its owner''s rights, past all policies' as fault
      from pg_class as c join pg_namespace as n on n.oid = c.relnamespace
      where ${isOurs} and c.relkind = 'v'
        and not coalesce(c.reloptions, '{}')
          && array['security_invoker=true', 'security_invoker=on', 'security_invoker=1']`,
  },
  {
    id: "function-search-path",
    says: "Every function has `set search_path = ''`, or a body that is bound when it is made.",
    why: "Otherwise its caller decides which tables and functions it means.",
    remedy: "Add set search_path = '' and write the schema before every name.",
    find: `
      select 'function' as kind, c.oid::regprocedure::text as name,
        'means by a name what its caller''s search path says' as fault
      from pg_proc as c
      join pg_namespace as n on n.oid = c.pronamespace
      left join lateral (
        select substr(setting, length('search_path=') + 1) as path
        from unnest(c.proconfig) as setting where setting like 'search\\_path=%'
      ) as s on true
      where n.nspname = any ($1) and c.prokind in ('f', 'p')
        and case when s.path is null then c.prosqlbody is null else s.path <> '""' end
        and not exists (
          select from pg_depend as e
          where e.classid = 'pg_proc'::regclass and e.objid = c.oid and e.deptype = 'e'
        )`,
  },
  {
    id: "bucket-private",
    says: "A bucket is private, or has `-- Open: reason` over the statement that makes it.",
    why: "Whoever has the address of a file in a public bucket reads it, past every policy.",
    remedy: "Set public to false and hand out signed addresses, or say why not: -- Open: reason.",
    unless: "Open",
    needs: "storage.buckets",
    find: `
      select 'bucket' as kind, b.id as name, 'can be read by everybody' as fault
      from storage.buckets as b where b.public and $1::text[] is not null`,
  },
  bodiesResolve,
];
