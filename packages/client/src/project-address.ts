import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";

/**
 * Where a supabase-js client points, and its publishable key. Resumable uploads need both, and the
 * client keeps them where only its subclasses may look, so that an app need not say them twice.
 */
export function projectAddress(client: SupabaseClient<Database>): { apiUrl: string; key: string } {
  // biome-ignore-start lint/complexity/useLiteralKeys: protected members can be read by name only.
  const apiUrl = client["supabaseUrl"].replace(/\/+$/, "");
  const key = client["supabaseKey"];
  // biome-ignore-end lint/complexity/useLiteralKeys: as above.
  return { apiUrl, key };
}
