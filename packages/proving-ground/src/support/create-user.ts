import { randomBytes } from "node:crypto";
import type { Database } from "@sideline/database";
import { createClient, type SupabaseClient } from "@supabase/supabase-js";
import type { TestStack } from "./test-stack.ts";

type Place = Pick<TestStack, "apiUrl" | "publishableKey">;

/** A signed-in person with a supabase-js client of their own. */
export interface TestUser {
  userId: string;
  email: string;
  password: string;
  accessToken: string;
  client: SupabaseClient<Database>;
}

/** Signs a new user up; every call makes another, so tests never share rows. */
export async function createUser(stack: Place, name = "user"): Promise<TestUser> {
  const email = `${name}-${randomBytes(6).toString("hex")}@sideline.test`;
  const password = randomBytes(12).toString("base64url");
  const client = createAnonymousClient(stack);
  const { data, error } = await client.auth.signUp({ email, password });
  if (error) throw error;
  if (!data.session || !data.user) throw new Error("sign-up returned no session");
  const accessToken = data.session.access_token;
  return { userId: data.user.id, email, password, accessToken, client };
}

/** A caller who is not signed in: the publishable key alone. */
export function createAnonymousClient(stack: Place): SupabaseClient<Database> {
  return createClient<Database>(stack.apiUrl, stack.publishableKey, clientOptions);
}

/** A caller with the secret key: the workers' and operators' view. */
export function createServiceClient(
  stack: Pick<TestStack, "apiUrl" | "secretKey">,
): SupabaseClient<Database> {
  return createClient<Database>(stack.apiUrl, stack.secretKey, clientOptions);
}

const clientOptions = {
  auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
};
