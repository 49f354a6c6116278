import type { Database, DatabaseClient } from "@sideline/database";
import { DatabaseError } from "./errors.ts";

type PipelineFunctions = Database["pipeline"]["Functions"];

/** Tries of one call, and the wait before the second; it doubles. */
const tries = 4;
const firstWaitMs = 150;

/**
 * Calls one function of schema `pipeline` as the service role. A call that did not get through is
 * made again: every one of them is fenced by a lease token, so a repetition changes nothing.
 * Throws DatabaseError.
 */
export async function callPipeline<Name extends keyof PipelineFunctions & string>(
  client: DatabaseClient,
  name: Name,
  args: PipelineFunctions[Name]["Args"],
): Promise<unknown> {
  for (let attempt = 1; ; attempt++) {
    const { data, error, status } = await client.schema("pipeline").rpc(name, args);
    if (!error) return data;
    const unreached = status === 0 || status >= 500;
    if (!unreached || attempt === tries) throw new DatabaseError(name, error.code || `${status}`);
    await new Promise((resolve) => setTimeout(resolve, firstWaitMs * 2 ** (attempt - 1)));
  }
}
