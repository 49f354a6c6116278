import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import type { Finding } from "./finding.ts";
import { byName } from "./lint.ts";
import type { Project } from "./rule.ts";
import { fileName } from "./rules/files.ts";
import { readSource } from "./source/read-source.ts";
import type { SourceFile } from "./source/source-file.ts";

const folders = { migration: "supabase/migrations", rollback: "supabase/rollbacks" } as const;

/** A file that cannot be linted: the sentence says which and why. */
export class UnreadableFile extends Error {}

/** All migrations and rollbacks of the project in a folder. */
export function readProject(root: string): Project {
  return { migrations: readFolder(root, "migration"), rollbacks: readFolder(root, "rollback") };
}

function readFolder(root: string, kind: SourceFile["kind"]): SourceFile[] {
  const folder = folders[kind];
  if (!existsSync(join(root, folder))) return [];
  const names = readdirSync(join(root, folder)).filter((name) => name.endsWith(".sql"));
  return byName(
    names.map((name) => {
      const path = `${folder}/${name}`;
      return readSource(path, readFileSync(join(root, path), "utf8"), kind);
    }),
  );
}

/**
 * Findings for what the CLI passes over in the folder of migrations: folders, and files that do
 * not end in `.sql`. Hidden files may be there.
 * @param root the project
 */
export function passedOver(root: string): Finding[] {
  const entries = readdirSync(join(root, folders.migration), { withFileTypes: true });
  return entries
    .filter((entry) => !entry.name.startsWith("."))
    .filter((entry) => entry.isDirectory() || !entry.name.endsWith(".sql"))
    .map((entry) => ({
      file: `${folders.migration}/${entry.name}`,
      line: 1,
      column: 1,
      rule: fileName.id,
      problem: `The CLI passes over ${entry.isDirectory() ? "the folder" : "the file"} ${entry.name}.`,
      remedy: "Name a migration YYYYMMDDHHMMSS_topic.sql, in the folder itself, or move this away.",
    }));
}

export interface ChosenFiles {
  /** The project with the drafts, which come last, and their undos. */
  project: Project;
  /** What was meant, by `SourceFile.path`. */
  paths: Set<string>;
  /** Files from elsewhere: each is read as the next migration. */
  drafts: SourceFile[];
  /** Of drafts that lie in a folder `migrations`, from the folder `rollbacks` beside it. */
  undos: SourceFile[];
}

/**
 * Finds the named files in the project.
 * @param root the project
 * @param directory what relative names start from
 */
export function chooseFiles(root: string, names: string[], directory: string): ChosenFiles {
  const { migrations, rollbacks } = readProject(root);
  const own = new Set([...migrations, ...rollbacks].map(({ path }) => path));
  const paths = new Set<string>();
  const drafts: SourceFile[] = [];
  for (const name of names) {
    const path = resolve(directory, name);
    const inProject = relative(root, path);
    paths.add(own.has(inProject) ? inProject : path);
    if (!own.has(inProject)) drafts.push(readSource(path, readText(path, name)));
  }
  const undos = drafts.flatMap(({ path }) => undoOf(path) ?? []);
  for (const { path } of undos) paths.add(path);
  const project = {
    migrations: [...migrations, ...drafts],
    rollbacks: [...rollbacks, ...undos],
  };
  return { project, paths, drafts, undos };
}

function readText(path: string, name: string): string {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (!stats) throw new UnreadableFile(`There is no file ${name}.`);
  if (!stats.isFile()) throw new UnreadableFile(`${name} is no file.`);
  return readFileSync(path, "utf8");
}

function undoOf(path: string): SourceFile | null {
  if (basename(dirname(path)) !== "migrations") return null;
  const undo = join(dirname(path), "..", "rollbacks", basename(path));
  if (!statSync(undo, { throwIfNoEntry: false })?.isFile()) return null;
  return readSource(undo, readFileSync(undo, "utf8"), "rollback");
}
