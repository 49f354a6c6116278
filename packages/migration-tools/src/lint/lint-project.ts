import type pg from "pg";
import { withConnection } from "../connection/connect.ts";
import type { Project } from "../project.ts";
import { advisors } from "./database/advisors.ts";
import { askDatabase } from "./database/ask-database.ts";
import { apply, schemaIn, undo } from "./database/draft.ts";
import type { Finding } from "./finding.ts";
import { lint } from "./lint.ts";
import { type ChosenFiles, chooseFiles, passedOver } from "./read-project.ts";
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

export interface LintOptions {
  /** Of these files only; one from elsewhere is taken for the next migration, and tried. */
  names?: string[];
  /** What relative names start from. */
  directory?: string;
  /** A database that the project's migrations have made; null where none is to be asked. */
  dbUrl: string | null;
}

/**
 * Lints a project's migrations and rollbacks, and the database that they make.
 * @throws UnreadableFile
 */
export async function lintProject(project: Project, options: LintOptions): Promise<LintResult> {
  const { names = [], directory = process.cwd(), dbUrl } = options;
  const root = project.directory;
  const chosen = chooseFiles(root, names, directory);
  const isMeant = (path: string) => names.length === 0 || chosen.paths.has(path);
  const drafts = new Set(chosen.drafts.map(({ path }) => path));
  const { migrations, rollbacks } = chosen.project;
  const files = [...migrations, ...rollbacks].filter(({ path }) => isMeant(path));
  const known = squawk(
    files.filter(({ kind }) => kind === "migration").map(({ path }) => path),
    root,
  );
  const findings = [
    // A draft that lies about somewhere has its undo still to come.
    ...lint(chosen.project, rules, isMeant).filter(
      ({ file, rule }) => rule !== "has-rollback" || !drafts.has(file),
    ),
    ...(known ?? []),
    ...(names.length === 0 ? passedOver(root) : []),
  ];
  const isTried = dbUrl !== null && drafts.size > 0;
  const ofDrafts = isTried ? await findingsOfDrafts(project, dbUrl, chosen) : [];
  const ask = (client: pg.Client) => askDatabase(client, project.schemas, migrations);
  const asked = dbUrl === null || isTried ? [] : await inTransaction(dbUrl, ask);
  const advised = dbUrl === null || isTried ? [] : await advisors(project, dbUrl, migrations);
  findings.push(...asked, ...(advised ?? []));
  return {
    findings: inOrder([...findings.filter(({ file }) => isMeant(file)), ...ofDrafts]),
    files: files.length,
    texts: new Map([...migrations, ...rollbacks].map(({ path, text }) => [path, text])),
    notes: [
      ...(known
        ? []
        : [`npm has no squawk for ${process.platform}-${process.arch}; its rules were left out.`]),
      ...(dbUrl === null ? ["No database was asked; its rules were left out."] : []),
      ...(advised ? [] : ["No Supabase CLI with advisors is installed; theirs were left out."]),
    ],
  };
}

/** What drafts and their undos bring about, wherever it shows. */
function findingsOfDrafts(
  project: Project,
  dbUrl: string,
  { drafts, undos, project: { migrations } }: ChosenFiles,
): Promise<Finding[]> {
  const keyOf = ({ rule, problem }: Finding) => `${rule} ${problem}`;
  return inTransaction(dbUrl, async (client) => {
    const ask = () => askDatabase(client, project.schemas, migrations);
    // As on a platform that grants by default, so that what is not revoked shows.
    for (const kind of ["tables", "sequences", "functions"]) {
      await client.query(`alter default privileges grant all on ${kind} to anon, authenticated`);
    }
    const known = new Set((await ask()).map(keyOf));
    const findings: Finding[] = [];
    for (const draft of drafts) {
      const before = await schemaIn(client, project);
      const refused = await apply(client, draft);
      if (refused.length > 0) return [...findings, ...refused];
      const back = undos.find(({ name }) => name === draft.name);
      if (back) findings.push(...(await undo(client, back, before, project)));
    }
    return [...findings, ...(await ask()).filter((finding) => !known.has(keyOf(finding)))];
  });
}

/** The database stays as it is: whatever `work` does is rolled back when the connection ends. */
function inTransaction<T>(dbUrl: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  return withConnection(dbUrl, async (client) => {
    await client.query("begin");
    return await work(client);
  });
}

function inOrder(findings: Finding[]): Finding[] {
  return findings.toSorted(
    (one, other) =>
      one.file.localeCompare(other.file) || one.line - other.line || one.column - other.column,
  );
}
