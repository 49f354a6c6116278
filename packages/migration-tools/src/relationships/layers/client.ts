import { createClient } from "@supabase/supabase-js";
import { type Answer, takeApart } from "../embedded-row.ts";
import { isToOne, type Relationship } from "../relationship.ts";
import type { ApiAccess } from "./data-api.ts";

/** The embedding through supabase-js; what its types make of it is for `typed-queries.ts`. */
export async function byClient(
  { apiUrl, key }: ApiAccess,
  relationship: Relationship,
  select: string,
): Promise<Answer> {
  const { schema, table, target } = relationship;
  const client = createClient(apiUrl, key, {
    auth: { persistSession: false, autoRefreshToken: false, detectSessionInUrl: false },
    db: { schema },
  });
  const { data, error } = await client.from(table).select<string, Record<string, unknown>>(select);
  if (error !== null) return { refusal: error.code };
  return { rows: takeApart(data, target, isToOne(relationship)) };
}
