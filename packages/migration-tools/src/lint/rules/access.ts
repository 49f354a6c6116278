import { type Found, type Rule, statementsThat } from "../rule.ts";
import { isNode, type NodeOf, pick, pickAll, words } from "../source/ast.ts";
import { functionName, inputTypes, relationName } from "../source/names.ts";
import { hasReason, type SourceFile, type Statement } from "../source/source-file.ts";

export const policyForRole: Rule = {
  id: "policy-for-role",
  says: "A policy names its command and its roles, and never `public`.",
  why: "Without `to` a policy is evaluated for every role there is, `anon` among them.",
  remedy: "Say for which command it is, and to which roles: for select to authenticated.",
  covers: "migrations",
  find: statementsThat(({ node, text }) => {
    const policy = pick(node, "CreatePolicyStmt") ?? pick(node, "AlterPolicyStmt");
    const isForAll = rolesOf(policy?.roles).includes("public");
    const isSilent =
      isNode(node, "CreatePolicyStmt") &&
      !/\sfor\s+(all|select|insert|update|delete)\b/i.test(text);
    return isForAll || isSilent;
  }),
};

export const grantedByName: Rule = {
  id: "granted-by-name",
  says: "Grants name their privileges and objects, never `all`, `public` or a whole schema; to `anon` only under `-- Anon: reason`.",
  why: "A wholesale grant also covers what is made tomorrow, and `public` is everybody.",
  remedy: "Grant each privilege on each object by name.",
  covers: "migrations",
  *find({ statements }) {
    for (const statement of statements) {
      const problem = faultOf(statement);
      if (problem) yield { offset: statement.start, problem };
    }
  },
};

function faultOf(statement: Statement): string | null {
  if (isNode(statement.node, "AlterDefaultPrivilegesStmt")) {
    return "Default privileges decide about tables that nobody has thought of yet.";
  }
  const grant = pick(statement.node, "GrantStmt");
  if (!grant?.is_grant) return null;
  const roles = rolesOf(grant.grantees);
  if (grant.targtype !== "ACL_TARGET_OBJECT") return "The grant covers a whole schema.";
  if ((grant.privileges ?? []).length === 0) return "The grant gives every privilege there is.";
  if (roles.includes("public")) return "Public is everybody, anon too.";
  if (grant.grant_option) return "The role may pass the privilege on.";
  if (roles.includes("anon") && !hasReason(statement, "Anon")) {
    return "Whoever has the publishable key may use it, and no -- Anon: says why.";
  }
  return null;
}

const strangers = ["public", "anon", "authenticated"];

export const revokedFirst: Rule = {
  id: "revoked-first",
  says: "Every schema, table, view, sequence and function is revoked from public, anon and authenticated by the migration that makes it.",
  why: "PostgreSQL lets everybody execute a new function, and projects differ in what they grant by default.",
  remedy: `Add: revoke all on … from ${strangers.join(", ")};`,
  covers: "migrations",
  *find(file) {
    const revoked = revokedIn(file);
    for (const { name, offset } of file.statements.flatMap(madeBy)) {
      const missing = strangers.filter((role) => !revoked.has(`${name} from ${role}`));
      if (missing.length === 0) continue;
      yield {
        offset,
        problem: `Nothing takes the ${name} from ${missing.join(", ")}.`,
        remedy: `Add: revoke all on ${name} from ${strangers.join(", ")};`,
      };
    }
  },
};

/** `table public.notes from anon` and the like. */
function revokedIn({ statements }: SourceFile): Set<string> {
  const revokes = statements.flatMap(({ node }) => pick(node, "GrantStmt") ?? []);
  return new Set(
    revokes
      .filter(({ is_grant }) => !is_grant)
      .flatMap(({ objects, objtype, grantees }) =>
        (objects ?? []).flatMap((object) => {
          const relation = pick(object, "RangeVar");
          const routine = pick(object, "ObjectWithArgs");
          const name = relation
            ? `${objtype === "OBJECT_SEQUENCE" ? "sequence" : "table"} ${relationName(relation)}`
            : routine
              ? `function ${functionName(routine)}`
              : `schema ${pick(object, "String")?.sval}`;
          return rolesOf(grantees).map((role) => `${name} from ${role}`);
        }),
      ),
  );
}

/** What a statement makes, as a grant names it. What it replaces keeps its rights. */
function madeBy(statement: Statement): (Found & { name: string })[] {
  const { node, start } = statement;
  const found = (name: string, offset = start) => [{ name, offset }];
  const table = pick(node, "CreateStmt");
  if (table && table.relation?.relpersistence !== "t") {
    const own = relationName(table.relation);
    return [
      ...found(`table ${own}`, statement.at(table.relation?.location)),
      ...pickAll(table.tableElts, "ColumnDef")
        .filter(isIdentity)
        .flatMap(({ colname, location }) =>
          found(`sequence ${own}_${colname}_seq`, statement.at(location)),
        ),
    ];
  }
  const view = pick(node, "ViewStmt");
  if (view && !view.replace) return found(`table ${relationName(view.view)}`);
  const sequence = pick(node, "CreateSeqStmt")?.sequence;
  if (sequence) return found(`sequence ${relationName(sequence)}`);
  const schema = pick(node, "CreateSchemaStmt")?.schemaname;
  if (schema) return found(`schema ${schema}`);
  const made = pick(node, "CreateFunctionStmt");
  if (!made || made.replace) return [];
  const types = inputTypes(made.parameters).join(", ");
  return found(`function ${words(made.funcname).join(".")}(${types})`);
}

function isIdentity({ constraints }: NodeOf<"ColumnDef">): boolean {
  return pickAll(constraints, "Constraint").some(({ contype }) => contype === "CONSTR_IDENTITY");
}

function rolesOf(roles: Parameters<typeof pickAll>[0]): string[] {
  return pickAll(roles, "RoleSpec").map(({ rolename }) => rolename ?? "public");
}
