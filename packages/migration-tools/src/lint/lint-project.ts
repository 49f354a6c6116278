import type { Finding } from "./finding.ts";
import { lint } from "./lint.ts";
import { chooseFiles, passedOver } from "./read-project.ts";
import { rules } from "./rules.ts";
import { squawk } from "./squawk.ts";

export interface LintResult {
  findings: Finding[];
  /** Number of files that were looked at. */
  files: number;
  /** The text of each file with a finding, by its path. */
  texts: Map<string, string>;
  /** What could not be done, a sentence each. */
  notes: string[];
}

/**
 * Lints a project's migrations and rollbacks, or of these only the named ones.
 * @param root the folder that holds `supabase/`
 * @param directory what relative names start from
 * @throws UnreadableFile
 */
export function lintProject(
  root: string,
  names: string[] = [],
  directory = process.cwd(),
): LintResult {
  const { project, chosen, drafts } = chooseFiles(root, names, directory);
  const isMeant = (path: string) => names.length === 0 || chosen.has(path);
  const findings = lint(project, rules)
    .filter(({ file }) => isMeant(file))
    // A draft that lies about somewhere has its undo still to come.
    .filter(({ file, rule }) => rule !== "has-rollback" || !drafts.has(file));

  const files = [...project.migrations, ...project.rollbacks].filter(({ path }) => isMeant(path));
  const known = squawk(
    files.filter(({ kind }) => kind === "migration").map(({ path }) => path),
    root,
  );
  return {
    findings: inOrder([
      ...findings,
      ...(names.length === 0 ? passedOver(root) : []),
      ...(known ?? []),
    ]),
    files: files.length,
    texts: new Map(files.map(({ path, text }) => [path, text])),
    notes: known
      ? []
      : [`npm has no squawk for ${process.platform}-${process.arch}; its rules were left out.`],
  };
}

function inOrder(findings: Finding[]): Finding[] {
  return findings.toSorted(
    (one, other) =>
      one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column,
  );
}
