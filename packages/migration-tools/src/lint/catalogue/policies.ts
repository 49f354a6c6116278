import { type Node, pick, pickAll } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import type { Statement } from "../source/source-file.ts";
import type { Catalogue } from "./catalogue.ts";

/** A policy as a statement leaves it. */
export interface Policy {
  table: string;
  roles: string[];
  /** The conditions of `using` and `with check`, as far as there are any. */
  conditions: Node[];
  /** A restrictive policy only narrows what others allow. */
  isRestrictive: boolean;
}

/** What a `create policy` or `alter policy` amounts to; null for any other statement. */
export function policyOf(statement: Statement, catalogue: Catalogue): Policy | null {
  const made = pick(statement.node, "CreatePolicyStmt");
  if (made) {
    return {
      table: relationName(made.table),
      roles: rolesOf(made.roles),
      conditions: [made.qual, made.with_check].flatMap((condition) => condition ?? []),
      isRestrictive: made.permissive !== true,
    };
  }
  const altered = pick(statement.node, "AlterPolicyStmt");
  if (!altered) return null;
  const table = relationName(altered.table);
  const name = `${altered.policy_name} on ${table}`;
  const entry = catalogue
    .before(catalogue.momentOf(statement), ["policy"])
    .find((policy) => policy.name === name);
  const before = pick(entry?.statement.node, "CreatePolicyStmt");
  const conditions = [altered.qual ?? before?.qual, altered.with_check ?? before?.with_check];
  return {
    table,
    roles: rolesOf(altered.roles ?? before?.roles),
    conditions: conditions.flatMap((condition) => condition ?? []),
    isRestrictive: before ? before.permissive !== true : false,
  };
}

function rolesOf(roles: Node[] | undefined): string[] {
  return pickAll(roles, "RoleSpec").map(({ rolename }) => rolename ?? "public");
}
