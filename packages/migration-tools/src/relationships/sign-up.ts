import { randomBytes } from "node:crypto";
import { createClient } from "@supabase/supabase-js";
import type { Place } from "./options.ts";

/** Somebody new, signed in. */
export async function signUp(
  { apiUrl, publishableKey }: Pick<Place, "apiUrl" | "publishableKey">,
  name: string,
): Promise<{ userId: string; accessToken: string }> {
  const client = createClient(apiUrl, publishableKey, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
  });
  const { data, error } = await client.auth.signUp({
    email: `${name}-${randomBytes(6).toString("hex")}@example.com`,
    password: randomBytes(12).toString("base64url"),
  });
  if (error) throw error;
  if (!data.session || !data.user) throw new Error("A sign-up returned no session.");
  return { userId: data.user.id, accessToken: data.session.access_token };
}
