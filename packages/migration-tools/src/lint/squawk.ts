/** What squawk knows of migrations on a live database; its rules come as `squawk/…`. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Finding } from "./finding.ts";
import { isObject } from "./source/objects.ts";

/** Its rules that are not ours, and why. */
export const excluded: Record<string, string> = {
  "prefer-robust-stmts": "asks for the `if not exists` that `no-conditional-ddl` forbids",
  "require-lock-timeout": "a matter of who applies the migration, not of the file",
  "require-statement-timeout": "a matter of who applies the migration, not of the file",
  "require-concurrent-index-creation": "no table is large before the first release",
  "require-concurrent-index-deletion": "no table is large before the first release",
  "adding-foreign-key-constraint": "no table is large before the first release",
  "constraint-missing-not-valid": "no table is large before the first release",
  "disallowed-unique-constraint": "no table is large before the first release",
  "ban-create-domain-with-constraint":
    "a domain takes `not valid` constraints and validates them, as a table does",
  "prefer-bigint-over-int": "identities are bigint already; counts and settings need not be",
  "prefer-bigint-over-smallint": "identities are bigint already; counts and settings need not be",
};

/**
 * Runs squawk on files of this disk; findings name them as they are given.
 * @param directory what relative paths start from
 * @returns null where npm has installed no program of it for this platform
 */
export function squawk(paths: string[], directory: string): Finding[] | null {
  const program = squawkProgram();
  if (!program) return null;
  if (paths.length === 0) return [];
  const options = ["--reporter=json", "--pg-version=17", "--assume-in-transaction"];
  const { stdout, stderr, error } = spawnSync(
    program,
    [...options, `--exclude=${Object.keys(excluded).join(",")}`, ...paths],
    { encoding: "utf8", cwd: directory, maxBuffer: 64 * 1024 * 1024 },
  );
  if (error) throw error;
  const found = parse(stdout);
  if (!found) throw new Error(`squawk gave no answer: ${(stderr || stdout).trim()}`);
  // PostgreSQL's own parser has the last word on syntax.
  return found
    .filter(isObject)
    .filter(({ rule_name }) => rule_name !== "syntax-error")
    .map(toFinding);
}

/** Squawk comes as one npm package per platform, of which npm installs the one that fits. */
function squawkProgram(): string | null {
  const name = `@squawk-cli/${process.platform}-${process.arch}/bin/squawk`;
  try {
    const file = fileURLToPath(import.meta.resolve(name));
    return existsSync(file) ? file : null;
  } catch {
    return null;
  }
}

function parse(text: string): unknown[] | null {
  try {
    const found: unknown = JSON.parse(text);
    return Array.isArray(found) ? found : null;
  } catch {
    return null;
  }
}

/** It counts lines and columns from 0. */
function toFinding(found: Record<string, unknown>): Finding {
  const rule = String(found.rule_name);
  return {
    file: String(found.file),
    line: Number(found.line) + 1,
    column: Number(found.column) + 1,
    rule: `squawk/${rule}`,
    problem: sentence(String(found.message)),
    remedy: sentence(String(found.help ?? beforeRelease(rule))),
  };
}

function beforeRelease(rule: string): string {
  return `Change the migration that makes the object; once it is released, do as https://squawkhq.com/docs/${rule} says`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
