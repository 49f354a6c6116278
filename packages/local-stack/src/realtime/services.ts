import type { Sql } from "../sql/sql.ts";
import type { Identities } from "./identity.ts";
import type { Replication } from "./replication.ts";
import type { Subscriptions } from "./subscriptions.ts";
import type { Presences, Topics } from "./topics.ts";

/** The publication whose tables can be subscribed to. */
export const publication = "supabase_realtime";

/** What all channels share. */
export interface Services {
  /** As superuser, prints times in UTC. */
  sql: Sql;
  identities: Identities;
  topics: Topics;
  presences: Presences;
  subscriptions: Subscriptions;
  replication: Replication;
  /** Called when changes flow again after an interruption. */
  onResume: Set<() => void>;
  log(line: string): void;
}
