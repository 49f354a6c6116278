import type pg from "pg";
import type { BoundQueries } from "./layers/typed-client.ts";

/** A running stack whose database may be written to. */
export interface Place {
  apiUrl: string;
  /** As role `postgres`. */
  dbUrl: string;
  publishableKey: string;
  secretKey: string;
}

/** What the exercise of the foreign keys needs of a project. */
export interface RelationshipOptions {
  /** Where the typed queries are committed, relative to the project's folder. */
  queriesFile: string;
  /** The import of `Database` and `Client`, the generated types and the client that knows them. */
  typesImport: string;
  /** Those queries, once they are written, with the client that they run on. */
  loadQueries(): Promise<Readonly<Record<string, BoundQueries>>>;
  /** Inserts rows of a user's own, so that every foreign key has something to find. */
  insertSampleRows(client: pg.Client, userId: string): Promise<void>;
  /** A freshly migrated stack with its API, gone when disposed. */
  startPlace(): Promise<Place & AsyncDisposable>;
}
