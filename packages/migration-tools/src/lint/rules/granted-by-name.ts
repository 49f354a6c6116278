import type { Rule } from "../rule.ts";
import { pick, pickAll } from "../source/ast.ts";
import { commentAbove, type Statement } from "../source/source-file.ts";

export const grantedByName: Rule = {
  id: "granted-by-name",
  says: "Grants name their privileges and objects, never `all`, `public` or a whole schema; to `anon` only under `-- Anon: reason`.",
  why: "A wholesale grant also covers what is made tomorrow, and `public` is everybody.",
  covers: "migrations",
  bad: [
    { sql: "grant all on table public.notes to authenticated;", at: "grant" },
    { sql: "grant select on table public.notes to public;", at: "grant" },
    { sql: "grant select on all tables in schema public to authenticated;", at: "grant" },
    {
      sql: "alter default privileges in schema public grant select on tables to anon;",
      at: "alter",
    },
    { sql: "grant select on table public.notes to anon;", at: "grant" },
    { sql: "grant select on table public.notes to authenticated with grant option;", at: "grant" },
  ],
  good: [
    { sql: "grant select, update (body) on table public.notes to authenticated;" },
    {
      sql: "-- Anon: the voices are shown before sign-in.\ngrant select on table public.voices to anon;",
    },
    { sql: "revoke all on all tables in schema public from anon;" },
  ],
  *check({ file }) {
    for (const statement of file.statements) {
      const fault = faultOf(statement);
      if (fault) yield { file, offset: statement.start, problem: fault[0], remedy: fault[1] };
    }
  },
};

function faultOf(statement: Statement): [problem: string, remedy: string] | null {
  const grant = pick(statement.node, "GrantStmt");
  if (pick(statement.node, "AlterDefaultPrivilegesStmt")) {
    return [
      "Default privileges decide about tables that nobody has thought of yet.",
      "Grant on each table by name.",
    ];
  }
  if (!grant?.is_grant) return null;
  const roles = pickAll(grant.grantees, "RoleSpec").map(({ rolename }) => rolename ?? "public");
  if (grant.targtype !== "ACL_TARGET_OBJECT") {
    return ["The grant covers a whole schema.", "Grant on each object by name."];
  }
  if ((grant.privileges ?? []).length === 0) {
    return [
      "The grant gives every privilege there is.",
      "Name those that are needed: select, insert, …",
    ];
  }
  if (roles.includes("public")) return ["Public is everybody, anon too.", "Name the roles."];
  if (grant.grant_option)
    return ["The role may pass the privilege on.", "Leave out with grant option."];
  if (roles.includes("anon") && !/^Anon: \S/m.test(commentAbove(statement.file, statement.start))) {
    return [
      "Whoever has the publishable key may use it.",
      "Leave anon out, or say why not: -- Anon: reason.",
    ];
  }
  return null;
}
