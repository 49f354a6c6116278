import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, dirname, join, relative, resolve } from "node:path";
import { projectRoot } from "../../project-root.ts";
import { byName } from "./lint.ts";
import type { Project } from "./rule.ts";
import { readSource } from "./source/read-source.ts";
import type { SourceFile } from "./source/source-file.ts";

const folders = { migration: "supabase/migrations", rollback: "supabase/rollbacks" } as const;

/** A file that cannot be linted: the sentence says which and why. */
export class UnreadableFile extends Error {}

/** All migrations and rollbacks of this repository. */
export function readProject(): Project {
  return { migrations: readFolder("migration"), rollbacks: readFolder("rollback") };
}

function readFolder(kind: SourceFile["kind"]): SourceFile[] {
  const folder = folders[kind];
  const names = readdirSync(join(projectRoot, folder)).filter((name) => name.endsWith(".sql"));
  return byName(
    names.map((name) => {
      const path = `${folder}/${name}`;
      return readSource(path, readFileSync(join(projectRoot, path), "utf8"), kind);
    }),
  );
}

/**
 * Finds the named files in the project. One from elsewhere is read as a migration that would come
 * last, with an undo beside it in `../rollbacks`, if there is one.
 * @param directory what relative names start from
 * @returns the project with those, and the paths that were meant
 */
export function chooseFiles(
  project: Project,
  names: string[],
  directory: string,
): { project: Project; chosen: Set<string>; drafts: Set<string> } {
  const own = new Set([...project.migrations, ...project.rollbacks].map(({ path }) => path));
  const chosen = new Set<string>();
  const drafts: SourceFile[] = [];
  for (const name of names) {
    const path = resolve(directory, name);
    const inProject = relative(projectRoot, path);
    chosen.add(own.has(inProject) ? inProject : path);
    if (!own.has(inProject)) drafts.push(readSource(path, readText(path, name)));
  }
  const undos = drafts.flatMap(({ path }) => undoOf(path) ?? []);
  for (const { path } of undos) chosen.add(path);
  return {
    project: {
      migrations: [...project.migrations, ...drafts],
      rollbacks: [...project.rollbacks, ...undos],
    },
    chosen,
    drafts: new Set(drafts.map(({ path }) => path)),
  };
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
