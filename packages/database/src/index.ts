/** The database's generated types and a client that knows them. */
export { createDatabaseClient, type DatabaseClient } from "./client.ts";
export type { Database, Json } from "./database.types.ts";
