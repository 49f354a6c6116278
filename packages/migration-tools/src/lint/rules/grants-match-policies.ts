import { grantedObjects } from "../catalogue/fold-facts.ts";
import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import type { SourceFile } from "../source/source-file.ts";

const commands = ["select", "insert", "update", "delete"];
const users = ["authenticated", "anon"];
const table = "create table public.notes (id int);\n";

export const grantsMatchPolicies: Rule = {
  id: "grants-match-policies",
  says: "Users have a policy for each command that they are granted on a table, and the other way round.",
  why: "A grant without a policy finds no rows and changes none; a policy without a grant is refused.",
  covers: "migrations",
  bad: [
    {
      sql: `${table}create policy p on public.notes for select to authenticated using (true);\ngrant select, delete on table public.notes to authenticated;`,
      at: "grant",
    },
    {
      sql: `${table}create policy p on public.notes for update to authenticated using (true);`,
      at: "create policy",
    },
  ],
  good: [
    {
      sql: `${table}create policy p on public.notes for select to authenticated using (true);\ncreate policy q on public.notes for insert to authenticated with check (true);\ngrant select on table public.notes to authenticated;\ngrant insert (id) on table public.notes to authenticated;\ngrant delete on table public.notes to service_role;`,
    },
    {
      sql: `${table}create policy p on public.notes for all to authenticated using (true);\ngrant select on table public.notes to authenticated;`,
    },
  ],
  *check({ file, catalogue }) {
    const tables = new Set(catalogue.madeIn(file, ["table"]).map(({ name }) => name));
    const granted = grantsIn(file, tables);
    const allowed = policiesIn(file, tables);
    for (const { key, offset, isAll } of [...granted, ...allowed]) {
      const isGrant = granted.some((grant) => grant.offset === offset);
      // A policy for all commands is asked for none in particular.
      if (isAll || (isGrant ? allowed : granted).some((other) => other.key === key)) continue;
      const [name, role, command] = key.split(" ");
      yield {
        file,
        offset,
        problem: isGrant
          ? `${role} may ${command} on ${name}, but no policy lets a row through.`
          : `A policy lets ${role} ${command} rows of ${name}, but no grant lets it at the table.`,
        remedy: isGrant
          ? `Write the policy for ${command}, or do not grant it.`
          : `Grant ${command}, or drop the policy.`,
      };
    }
  },
};

interface Right {
  /** `table role command` */
  key: string;
  offset: number;
  isAll: boolean;
}

function grantsIn(file: SourceFile, tables: Set<string>): Right[] {
  return file.statements.flatMap(({ node, start }) => {
    const grant = pick(node, "GrantStmt");
    if (!grant?.is_grant) return [];
    const privileges = pickAll(grant.privileges, "AccessPriv").map(
      ({ priv_name }) => priv_name ?? "",
    );
    const names = grantedObjects(grant).map(({ name }) => name);
    return rights(names, rolesOf(grant.grantees), privileges, start, tables);
  });
}

function policiesIn(file: SourceFile, tables: Set<string>): Right[] {
  return file.statements.flatMap(({ node, start }) => {
    const policy = pick(node, "CreatePolicyStmt");
    if (!policy) return [];
    const names = [relationName(policy.table)];
    const isAll = policy.cmd_name === "all";
    const list = isAll ? commands : [policy.cmd_name ?? ""];
    return rights(names, rolesOf(policy.roles), list, start, tables).map((right) => ({
      ...right,
      isAll,
    }));
  });
}

function rolesOf(list: Parameters<typeof pickAll>[0]): string[] {
  return pickAll(list, "RoleSpec").map(({ rolename }) => rolename ?? "public");
}

function rights(
  names: string[],
  roles: string[],
  list: string[],
  offset: number,
  tables: Set<string>,
): Right[] {
  return names
    .filter((name) => tables.has(name))
    .flatMap((name) =>
      roles
        .filter((role) => users.includes(role))
        .flatMap((role) =>
          list
            .filter((command) => commands.includes(command))
            .map((command) => ({ key: `${name} ${role} ${command}`, offset, isAll: false })),
        ),
    );
}
