import { type Project, type Rule, statementsThat } from "../rule.ts";
import { isNode, type Node, nodesIn, pick, pickAll, words } from "../source/ast.ts";
import { relationName } from "../source/names.ts";
import { parseStatement } from "../source/parse.ts";
import { type SourceFile, type Statement, sqlOf } from "../source/source-file.ts";

export const noDoBlock: Rule = {
  id: "no-do-block",
  says: "No `do` blocks.",
  why: "What a block does depends on the state it finds, so two databases can differ after it.",
  remedy: "Write the statements themselves; where a branch is needed, a function with a test.",
  covers: "both",
  find: statementsThat(({ node }) => isNode(node, "DoStmt")),
};

export const noExceptionHandler: Rule = {
  id: "no-exception-handler",
  says: "No exception handlers in PL/pgSQL.",
  why: "A handler turns a failure into a success that did nothing, and costs a subtransaction.",
  remedy: "Let the error through, or ask beforehand (on conflict, a condition) and act on it.",
  covers: "both",
  find: ({ statements }) =>
    statements.flatMap(({ body }) => (body?.handlers ?? []).map((offset) => ({ offset }))),
};

export const noDynamicSql: Rule = {
  id: "no-dynamic-sql",
  says: "PL/pgSQL executes no text but one literal in which `format` fills names (`%I`) and values (`%L`).",
  why: "Nobody can check other text: not the parser, not this linter, not the one who reviews it.",
  remedy: "Write the statement itself, or format('…') with names as %I and values as %L.",
  covers: "both",
  find: ({ statements }) =>
    statements.flatMap(({ body }) =>
      (body?.executes ?? []).filter(({ text }) => !fillsOneLiteral(text)),
    ),
};

/** Whether the expression is `format` of one literal with nothing but quoted names and values. */
function fillsOneLiteral(expression: string): boolean {
  const parsed = parseStatement(`select ${expression}`);
  if (!parsed.ok) return false;
  const target = pick(pick(parsed.tree, "SelectStmt")?.targetList?.[0], "ResTarget");
  const call = pick(target?.val, "FuncCall");
  const literal = pick(call?.args?.[0], "A_Const")?.sval?.sval;
  if (words(call?.funcname).join(".") !== "format" || literal === undefined) return false;
  return !literal.replace(/%(\d+\$)?[IL]|%%/g, "").includes("%");
}

export const noConditionalDdl: Rule = {
  id: "no-conditional-ddl",
  says: "No `if exists`, no `if not exists` but for extensions, no `or replace` of what is not there.",
  why: "It makes a migration succeed on a database that is not in the state it was written for.",
  remedy: "Leave the condition out: the migrations before this one say what is there.",
  covers: "both",
  find: (file, project) =>
    statementsThat(
      (statement) =>
        isConditional(statement.node) ||
        (hasFlag(statement.node, "replace") && !isMadeBefore(statement, file, project)),
    )(file, project),
};

function isConditional(node: Node): boolean {
  if (isNode(node, "CreateExtensionStmt")) return false;
  const altered = pick(node, "AlterTableStmt")?.cmds ?? [];
  return [node, ...altered].some(
    (part) => hasFlag(part, "missing_ok") || hasFlag(part, "if_not_exists"),
  );
}

/** Each kind of statement has a flag of its own for it. */
function hasFlag(node: Node, flag: string): boolean {
  return Object.values(node).some((fields) =>
    Object.entries(fields).some(([key, value]) => key === flag && value === true),
  );
}

/** Whether a statement before this one makes a function, view or trigger of that name. */
function isMadeBefore(statement: Statement, file: SourceFile, { migrations }: Project): boolean {
  const name = madeName(statement.node);
  const before = migrations.filter((other) => other !== file && other.name <= file.name);
  return [
    ...before.flatMap(({ statements }) => statements),
    ...file.statements.filter(({ start }) => start < statement.start),
  ].some(({ node }) => madeName(node) === name);
}

function madeName(node: Node): string | undefined {
  const view = pick(node, "ViewStmt")?.view;
  if (view) return `view ${relationName(view)}`;
  const trigger = pick(node, "CreateTrigStmt");
  if (trigger) return `trigger ${trigger.trigname} on ${relationName(trigger.relation)}`;
  const routine = pick(node, "CreateFunctionStmt")?.funcname;
  return routine && `function ${words(routine).join(".")}`;
}

export const noCascade: Rule = {
  id: "no-cascade",
  says: "No `drop … cascade`.",
  why: "It takes along whatever hangs on the object by then, without naming it.",
  remedy: "Drop each object by name, what depends on others first.",
  covers: "both",
  find: statementsThat(({ node }) =>
    [pick(node, "DropStmt"), ...pickAll(pick(node, "AlterTableStmt")?.cmds, "AlterTableCmd")].some(
      (dropped) => dropped?.behavior === "DROP_CASCADE",
    ),
  ),
};

export const conflictNamed: Rule = {
  id: "conflict-named",
  says: "Every `on conflict` names the columns or the constraint that it expects.",
  why: "Without, it swallows every conflict, also one that nobody thought of.",
  remedy: "Name the columns of the unique constraint that the insert relies on.",
  covers: "both",
  *find({ statements }) {
    for (const sql of statements.flatMap(sqlOf)) {
      for (const { onConflictClause: clause } of nodesIn(sql.node, "InsertStmt")) {
        if (clause && !clause.infer) yield { offset: sql.at(clause.location) };
      }
    }
  },
};
