import type { Database } from "@sideline/database";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";

/** Exists only in the demo's own stack, which listens on this machine alone. */
export const demoUser = { email: "demo@sideline.test", password: "sideline-demo" };

/** Signs the demo user in, and up on the first run. */
export async function signInDemoUser(
  apiUrl: string,
  publishableKey: string,
): Promise<SupabaseClient<Database>> {
  const client = createClient<Database>(apiUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false },
  });
  const known = await client.auth.signInWithPassword(demoUser);
  const { data, error } = known.error ? await client.auth.signUp(demoUser) : known;
  if (error) throw error;
  if (!data.session) throw new Error("Auth answered without a session.");
  return client;
}
