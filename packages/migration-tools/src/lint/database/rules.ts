import { bodiesResolve } from "./bodies.ts";
import type { DatabaseRule } from "./database-rule.ts";
import { objectRules } from "./object-rules.ts";

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
  ...objectRules,
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
  bodiesResolve,
];
