/** What the page reads, and what it does: functions that only operators may call. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { FailureFilter } from "./failure-filter.tsx";

type Client = SupabaseClient<Database>;
type Schema = Database["public"];
type FunctionRow<Name extends keyof Schema["Functions"]> =
  Schema["Functions"][Name]["Returns"] extends (infer Row)[] ? Row : never;
/** The generator takes no column of a function's rows for nullable. */
type Filled<Row, Nullable extends keyof Row = never> = {
  [Column in keyof Row]: Column extends Nullable ? Row[Column] | null : Row[Column];
};

export type StageHealth = Filled<FunctionRow<"operator_stages">, "oldest_ready_at" | "next_due_at">;
type Percentile = `${"waiting" | "working"}_p${"50" | "95"}_ms`;
export type Pace = Filled<FunctionRow<"operator_pace">, Percentile>;
export type ProviderHealth = Filled<
  FunctionRow<"operator_providers">,
  "open_until" | "paused_until" | "requests_per_minute" | "tokens"
> & { circuit: "closed" | "open" | "probing" };
export type FailureGroup = Filled<FunctionRow<"operator_find_failures">>;
export type FailedItem = Filled<FunctionRow<"operator_failed_items">, "last_error">;
export type Quota = Filled<FunctionRow<"operator_quotas">, "email" | "quota">;
export type DayCost = Filled<FunctionRow<"operator_costs">, "currency">;
export type ItemState = Filled<
  FunctionRow<"operator_item">,
  "error_code" | "last_error" | "task" | "available_at"
> & { task: "ready" | "leased" | "delayed" | "parked" | null };
export type Attempt = FunctionRow<"operator_attempts">;
/** An item that has the number that was looked for, or belongs to the recording that has it. */
export type FoundItem = Filled<FunctionRow<"operator_find">, "error_code" | "recording_id">;

export interface Checkup {
  checked_at: string;
  violations: number;
  found: { rule: string; stage: string; id: number; detail: string }[];
}

export interface Queue {
  stages: StageHealth[];
  providers: ProviderHealth[];
}

/** Rows of a failed item's page. */
export const pageSize = 20;

export async function readQueue(client: Client): Promise<Queue> {
  const [stages, providers] = await Promise.all([
    client.rpc("operator_stages"),
    client.rpc("operator_providers"),
  ]);
  return { stages: rows<StageHealth>(stages), providers: rows<ProviderHealth>(providers) };
}

/** Of all stages: a page filters these by itself. */
export async function readFailures(client: Client, filter: FailureFilter): Promise<FailureGroup[]> {
  return rows<FailureGroup>(await client.rpc("operator_find_failures", given(filter)));
}

export async function findItems(client: Client, id: number): Promise<FoundItem[]> {
  return rows<FoundItem>(await client.rpc("operator_find", { id }));
}

export async function readPace(client: Client): Promise<Pace[]> {
  return rows<Pace>(await client.rpc("operator_pace"));
}

export async function readQuotas(client: Client): Promise<Quota[]> {
  return rows<Quota>(await client.rpc("operator_quotas"));
}

export async function findUser(client: Client, idOrEmail: string): Promise<Quota[]> {
  return rows<Quota>(await client.rpc("operator_user", { id_or_email: idOrEmail }));
}

export async function readCheckup(client: Client): Promise<Checkup | null> {
  const found = rows<Checkup>(await client.rpc("operator_checkup"));
  return found[0] ?? null;
}

export async function readCosts(client: Client): Promise<DayCost[]> {
  return rows<DayCost>(await client.rpc("operator_costs"));
}

/** The items of one error, newest first, after the given one. */
export async function readFailedItems(
  client: Client,
  { stage, error_code }: Pick<FailureGroup, "stage" | "error_code">,
  filter: FailureFilter,
  after?: FailedItem,
): Promise<FailedItem[]> {
  return rows<FailedItem>(
    await client.rpc("operator_failed_items", {
      stage,
      error_code,
      at_most: pageSize,
      ...given(filter),
      ...(after && { before: after.failed_at, before_id: after.id }),
    }),
  );
}

export async function readItem(
  client: Client,
  stage: string,
  id: number,
): Promise<{ item: ItemState | null; attempts: Attempt[] }> {
  const [item, attempts] = await Promise.all([
    client.rpc("operator_item", { stage, id }),
    client.rpc("operator_attempts", { stage, id }),
  ]);
  return { item: rows<ItemState>(item)[0] ?? null, attempts: rows<Attempt>(attempts) };
}

export async function setPaused(client: Client, stage: string, paused: boolean): Promise<void> {
  done(await client.rpc(paused ? "operator_pause_stage" : "operator_resume_stage", { stage }));
}

export async function retryItem(client: Client, stage: string, id: number): Promise<void> {
  done(await client.rpc("operator_retry", { stage, id }));
}

/**
 * Retries what a filter shows of an error and had failed when it was read, so many a call.
 * @param tell how many are done, and how many remain
 */
export async function retryAll(
  client: Client,
  { stage, error_code, newest_at }: Pick<FailureGroup, "stage" | "error_code" | "newest_at">,
  filter: FailureFilter,
  tell: (retried: number, remaining: number) => void,
): Promise<void> {
  let retried = 0;
  for (;;) {
    const [part] = rows<FunctionRow<"operator_retry_all">>(
      await client.rpc("operator_retry_all", {
        stage,
        error_code,
        failed_before: newest_at,
        ...given(filter),
      }),
    );
    retried += part?.retried ?? 0;
    tell(retried, part?.remaining ?? 0);
    if (!part || part.retried === 0 || part.remaining === 0) return;
  }
}

/** @param dailyAttempts null: what the stage has for everybody */
export async function setQuota(
  client: Client,
  { user_id, stage }: Pick<Quota, "user_id" | "stage">,
  dailyAttempts: number | null,
): Promise<void> {
  done(
    await client.rpc("operator_set_quota", {
      user_id,
      stage,
      ...(dailyAttempts !== null && { daily_attempts: dailyAttempts }),
    }),
  );
}

export async function checkNow(client: Client): Promise<void> {
  done(await client.rpc("operator_check_now"));
}

/** What is not asked for is left out. */
function given({ owner, said, since }: FailureFilter) {
  return { ...(owner && { owner }), ...(said && { said }), ...(since && { since }) };
}

/** Rows as they are known to be, see Filled. @throws what the Data API refused with */
function rows<Row>({ data, error }: { data: unknown; error: unknown }): Row[] {
  if (error || !Array.isArray(data)) throw error ?? new Error("No answer.");
  return data;
}

function done({ error }: { error: unknown }): void {
  if (error) throw error;
}
