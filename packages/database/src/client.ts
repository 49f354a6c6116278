import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { Database } from "./database.types.ts";

export type DatabaseClient = SupabaseClient<Database>;

export interface DatabaseClientOptions {
  /** A publishable or secret key. */
  key: string;
  /** A user's access token: requests then run as that user, under RLS. */
  accessToken?: string;
  fetch?: typeof fetch;
}

/** A client for a server: it keeps no session and refreshes nothing. */
export function createDatabaseClient(url: string, options: DatabaseClientOptions): DatabaseClient {
  const { accessToken } = options;
  return createClient<Database>(url, options.key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    global: options.fetch ? { fetch: options.fetch } : {},
    ...(accessToken === undefined ? {} : { accessToken: async () => accessToken }),
  });
}
