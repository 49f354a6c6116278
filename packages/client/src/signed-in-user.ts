import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import { SidelineError, toSidelineError } from "./sideline-error.ts";

/** @throws SidelineError `not_signed_in` */
export async function signedInUser(client: SupabaseClient<Database>): Promise<string> {
  const { data, error } = await client.auth.getSession();
  if (error) throw toSidelineError(error);
  if (!data.session) throw new SidelineError("not_signed_in", "Nobody is signed in.");
  return data.session.user.id;
}
