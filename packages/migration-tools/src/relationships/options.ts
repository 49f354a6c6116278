import type pg from "pg";

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
  /** The import of `Database` and `Client`, the generated types and the client that knows them. */
  typesImport: string;
  /** Inserts rows of a user's own, so that every foreign key has something to find. */
  insertSampleRows(client: pg.Client, userId: string): Promise<void>;
  /** A freshly migrated stack with its API, gone when disposed. */
  startPlace(): Promise<Place & AsyncDisposable>;
}
