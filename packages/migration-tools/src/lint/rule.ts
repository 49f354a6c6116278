import type { SourceFile, Statement } from "./source/source-file.ts";

export interface Project {
  migrations: SourceFile[];
  rollbacks: SourceFile[];
}

/** What can be told from the files alone. */
export interface Rule {
  /** Stable, kebab-case. */
  id: string;
  /** What must hold, in one sentence. */
  says: string;
  /** What goes wrong otherwise. */
  why: string;
  remedy: string;
  /** The files it is about. */
  covers: "migrations" | "rollbacks" | "both";
  /** The places of a file that break it. */
  find(file: SourceFile, project: Project): Iterable<Found>;
}

/** A place that breaks a rule, with words of its own where those of the rule do not tell enough. */
export interface Found {
  /** Character of the file. */
  offset: number;
  problem?: string;
  remedy?: string;
}

/** For rules that a whole statement breaks or keeps. */
export function statementsThat(isBad: (statement: Statement) => boolean): Rule["find"] {
  return ({ statements }) => statements.filter(isBad).map(({ start }) => ({ offset: start }));
}
