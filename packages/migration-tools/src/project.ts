import type { PageOptions } from "./docs/page-options.ts";
import type { MigrationNames } from "./new/template.ts";
import type { RelationshipOptions } from "./relationships/options.ts";

/** What of a database belongs to the project; the rest is the platform's. */
export interface Scope {
  /** The schemas that migrations make things in. */
  schemas: readonly string[];
  /** Names of the project's cron jobs, as a pattern of `like`; empty where they have none in common. */
  jobs: string;
}

export interface MigratedDatabase extends AsyncDisposable {
  /** As role `postgres`. */
  dbUrl: string;
  close(): Promise<void>;
}

export interface CliResult {
  code: number | null;
  /** Everything it printed, in order. */
  output: string;
  /** What it printed as its result. */
  stdout: string;
}

/** The database that a command works on where none is named. */
export interface LocalStack {
  /** For people: `the local stack`. */
  name: string;
  /** How to start it: `start one with supabase start`. */
  howToStart: string;
  /** How to begin anew, for differences that survive a reset; null where there is no way. */
  howToBeginAnew: string | null;
  /** Where its data lies when `--dir` is not given; null where it has no folder of its own. */
  folder: string | null;
  /** Its database as role `postgres`, or null where it is known not to run. */
  url(folder: string | null): Promise<string | null>;
  /** Makes one that does not run anew, migrated and seeded, and leaves it stopped. */
  makeAnew(folder: string | null): Promise<void>;
  /** Told what of a project was applied to its database beside its own start. */
  noteApplied(
    applied: { directory: string; versions: string[]; seed: boolean },
    folder: string | null,
  ): Promise<void>;
}

/** What the tools have to know of a project, and what they have done for them. */
export interface Project extends Scope {
  /** The folder that holds `supabase/`. */
  directory: string;
  /** How a command is called, for help and advice: `npm run db:new -- NAME`. */
  call(command: string, args?: string): string;
  local: LocalStack;
  /**
   * What the migrations in a folder make of an empty database, gone when closed.
   * @throws Error whose message names the migration that fails and the reason
   */
  migratedDatabase(
    directory: string,
    onProgress: (message: string) => void,
  ): Promise<MigratedDatabase>;
  /** Runs the Supabase CLI, which asks nothing, for the project in a folder. */
  supabase(
    args: string[],
    directory: string,
    environment?: Record<string, string>,
  ): Promise<CliResult>;
  /** Formats generated TypeScript. */
  format(source: string): Promise<string>;
  /** Where the generated types are committed, relative to the folder. */
  typesFile: string;
  /** The generated page about the database. */
  page: PageOptions;
  /** What the exercise of the foreign keys needs; null where the project has not said. */
  relationships: RelationshipOptions | null;
  /** Names that the examples of a new migration use. */
  migrationNames: MigrationNames;
}

/** Everything but the folder has a default. */
export type ProjectOptions = Partial<Project>;
