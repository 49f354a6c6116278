import type { Database } from "@sideline/database";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";

/** A running Supabase project: embedded, in Docker or hosted. */
export interface Place {
  apiUrl: string;
  publishableKey: string;
  /** With the secret key: past row level security. */
  service: SupabaseClient<Database>;
  /** A new client that nobody is signed in to. */
  anonymous(): SupabaseClient<Database>;
}

export const environmentHelp = `Environment:
  SUPABASE_URL              e.g. http://127.0.0.1:54321 or https://<ref>.supabase.co
  SUPABASE_PUBLISHABLE_KEY  sb_publishable_…
  SUPABASE_SECRET_KEY       sb_secret_…
"npm start" prints all three, and so does "supabase status".`;

/** @throws Error naming what is missing */
export function readPlace(environment: NodeJS.ProcessEnv): Place {
  const { SUPABASE_URL, SUPABASE_PUBLISHABLE_KEY, SUPABASE_SECRET_KEY } = environment;
  if (!SUPABASE_URL || !SUPABASE_PUBLISHABLE_KEY || !SUPABASE_SECRET_KEY) {
    const missing = Object.entries({
      SUPABASE_URL,
      SUPABASE_PUBLISHABLE_KEY,
      SUPABASE_SECRET_KEY,
    }).flatMap(([name, value]) => (value ? [] : [name]));
    throw new Error(`${missing.join(", ")} not set; --help explains`);
  }
  const open = (key: string) =>
    createClient<Database>(SUPABASE_URL, key, {
      auth: { persistSession: false, autoRefreshToken: false },
    });
  return {
    apiUrl: SUPABASE_URL,
    publishableKey: SUPABASE_PUBLISHABLE_KEY,
    service: open(SUPABASE_SECRET_KEY),
    anonymous: () => open(SUPABASE_PUBLISHABLE_KEY),
  };
}
