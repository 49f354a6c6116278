import type { Catalogue } from "./catalogue/catalogue.ts";
import type { Problem } from "./finding.ts";
import type { SourceFile } from "./source/source-file.ts";

/** What a rule is given: one file, and all that is known when it has run. */
export interface Subject {
  file: SourceFile;
  /**
   * For a migration: all migrations, with their times. For a rollback: the migrations up to its
   * own, and then itself.
   */
  catalogue: Catalogue;
  project: Project;
}

export interface Project {
  migrations: SourceFile[];
  rollbacks: SourceFile[];
}

export interface Rule {
  /** Stable, kebab-case. */
  id: string;
  /** What must hold, in one sentence. */
  says: string;
  /** What goes wrong otherwise. */
  why: string;
  /** The files it is about. */
  covers: "migrations" | "rollbacks" | "both";
  /** Each is what somebody might write, and where the finding has to be. */
  bad: BadExample[];
  /** Each is right, and near to what is wrong. */
  good: Example[];
  check(subject: Subject): Iterable<Problem>;
}

export interface Example {
  /** Statements of an earlier migration; for a rollback, of the migration that it undoes. */
  given?: string;
  /** For a rollback: statements of a migration before that one. */
  earlier?: string;
  /** The migration, or the rollback where the rule is about those alone. */
  sql: string;
  /** For rules about files: a name other than the usual one. */
  name?: string;
  /** The rollback of that name; null for none. Without it there is one that undoes nothing. */
  rollback?: string | null;
}

export interface BadExample extends Example {
  /** The text at which the finding must start. */
  at: string;
}
