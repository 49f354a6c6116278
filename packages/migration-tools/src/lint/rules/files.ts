import type { Rule } from "../rule.ts";
import { isNode, nodesIn, words } from "../source/ast.ts";
import type { Statement } from "../source/source-file.ts";

const atStart = [{ offset: 0 }];

export const fileName: Rule = {
  id: "file-name",
  says: "A migration is named `YYYYMMDDHHMMSS_topic.sql`, with a real time and a snake_case topic.",
  why: "The CLI takes the digits for the version; it passes over a file that is named otherwise.",
  remedy: "Name it by the time it was written, in UTC, and by its topic in snake_case.",
  covers: "migrations",
  find({ name }) {
    const digits = /^(\d{14})_[a-z0-9]+(_[a-z0-9]+)*\.sql$/.exec(name)?.[1];
    return digits && isTime(digits) ? [] : atStart;
  },
};

function isTime(digits: string): boolean {
  const text = digits.replace(/^(....)(..)(..)(..)(..)(..)$/, "$1-$2-$3T$4:$5:$6");
  const parsed = new Date(`${text}.000Z`);
  // A day such as 30 February is moved to March instead of refused.
  return !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(text);
}

export const uniqueVersion: Rule = {
  id: "unique-version",
  says: "No two migrations have the same version.",
  why: "The history keeps one row per version: the second file would never run, or fail on its row.",
  remedy: "Give this migration a later version.",
  covers: "migrations",
  find({ name }, { migrations }) {
    const versionOf = (file: string) => file.split("_")[0];
    const isTaken = migrations.some(
      (other) => other.name < name && versionOf(other.name) === versionOf(name),
    );
    return isTaken ? atStart : [];
  },
};

export const hasRollback: Rule = {
  id: "has-rollback",
  says: "Each migration has its undo under the same name in `supabase/rollbacks`.",
  why: "A release that goes wrong at night is taken back with a file that was written and tried before.",
  remedy: "Write there what takes this migration back, in the opposite order.",
  covers: "migrations",
  find: ({ name }, { rollbacks }) => (rollbacks.some((undo) => undo.name === name) ? [] : atStart),
};

export const noStrayRollback: Rule = {
  id: "no-stray-rollback",
  says: "Each rollback has the migration that it undoes.",
  why: "A migration that was renamed leaves its undo behind, and then has none.",
  remedy: "Rename the rollback as its migration is named, or delete it.",
  covers: "rollbacks",
  find: ({ name }, { migrations }) =>
    migrations.some((migration) => migration.name === name) ? [] : atStart,
};

export const headerComment: Rule = {
  id: "header-comment",
  says: "A file opens with a comment that says what it is about.",
  why: "The reader of a migration years later has nothing else to go by.",
  remedy: "Say in its first lines what the migration is for.",
  covers: "both",
  find: ({ text }) => (/^--\s*\S/.test(text) ? [] : atStart),
};

export const makesAChange: Rule = {
  id: "makes-a-change",
  says: "A migration changes something.",
  why: "An empty one, or one whose statements are all comments, succeeds and creates nothing.",
  remedy: "Write its statements outside comments, or delete the file.",
  covers: "migrations",
  find: ({ failures, statements }) =>
    failures.length > 0 || statements.some(changes) ? [] : atStart,
};

function changes({ node }: Statement): boolean {
  if (isNode(node, "VariableSetStmt") || isNode(node, "TransactionStmt")) return false;
  if (!isNode(node, "SelectStmt")) return true;
  return [...nodesIn(node, "FuncCall")].some(({ funcname }) => words(funcname).length > 1);
}
