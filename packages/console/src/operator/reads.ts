/** What the page reads, and what it does: views and functions that only operators may use. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type { FailureFilter } from "./failure-filter.tsx";

type Client = SupabaseClient<Database>;

export interface StageHealth {
  stage: string;
  paused: boolean;
  ready: number;
  oldest_ready_at: string | null;
  in_flight: number;
  delayed: number;
  next_due_at: string | null;
  parked: number;
  failed: number;
  wake_outcome: string;
}

export interface Pace {
  stage: string;
  minutes: number;
  attempts: number;
  waiting_p50_ms: number | null;
  waiting_p95_ms: number | null;
  working_p50_ms: number | null;
  working_p95_ms: number | null;
  completed_per_minute: (number | null)[];
  troubled_per_minute: (number | null)[];
}

export interface ProviderHealth {
  provider: string;
  model: string;
  stages: string[];
  circuit: "closed" | "open" | "probing";
  open_until: string | null;
  failing_owners: number;
  refused_owners: number;
  paused_until: string | null;
  requests_per_minute: number | null;
  tokens: number | null;
}

export interface FailureGroup {
  stage: string;
  error_code: string;
  items: number;
  oldest_at: string;
  newest_at: string;
}

export interface FailedItem {
  id: number;
  user_id: string;
  attempts: number;
  last_error: string | null;
  failed_at: string;
}

export interface Quota {
  user_id: string;
  email: string | null;
  stage: string;
  used: number;
  quota: number | null;
  is_own: boolean;
}

export interface Checkup {
  checked_at: string;
  violations: number;
  found: { rule: string; stage: string; id: number; detail: string }[];
}

export interface DayCost {
  day: string;
  currency: string | null;
  cost: number;
  calls: number;
  unpriced_calls: number;
  is_whole: boolean;
}

export interface ItemState {
  user_id: string;
  status: string;
  attempts: number;
  error_code: string | null;
  last_error: string | null;
  updated_at: string;
  task: "ready" | "leased" | "delayed" | "parked" | null;
  available_at: string | null;
}

export interface Attempt {
  id: number;
  stage: string;
  attempt: number;
  step: string | null;
  queued_at: string | null;
  started_at: string;
  ended_at: string | null;
  outcome: string | null;
  error_code: string | null;
}

export interface Queue {
  stages: StageHealth[];
  providers: ProviderHealth[];
}

/** An item that has the number that was looked for, or belongs to the recording that has it. */
export interface FoundItem {
  stage: string;
  item_id: number;
  status: string;
  error_code: string | null;
  recording_id: number | null;
}

/** Rows of a failed item's page. */
export const pageSize = 20;

export async function readQueue(client: Client): Promise<Queue> {
  const [stages, providers] = await Promise.all([
    client.from("operator_stages").select().overrideTypes<StageHealth[], { merge: false }>(),
    client.from("operator_providers").select().overrideTypes<ProviderHealth[], { merge: false }>(),
  ]);
  return { stages: rows(stages), providers: rows(providers) };
}

/** Of all stages: a page filters these by itself. */
export async function readFailures(client: Client, filter: FailureFilter): Promise<FailureGroup[]> {
  return rows(
    await client
      .rpc("operator_find_failures", given(filter))
      .overrideTypes<FailureGroup[], { merge: false }>(),
  );
}

export async function findItems(client: Client, id: number): Promise<FoundItem[]> {
  return rows(
    await client.rpc("operator_find", { id }).overrideTypes<FoundItem[], { merge: false }>(),
  );
}

export async function readPace(client: Client): Promise<Pace[]> {
  return rows(
    await client.from("operator_pace").select().overrideTypes<Pace[], { merge: false }>(),
  );
}

export async function readQuotas(client: Client): Promise<Quota[]> {
  return rows(
    await client.from("operator_quotas").select().overrideTypes<Quota[], { merge: false }>(),
  );
}

export async function findUser(client: Client, idOrEmail: string): Promise<Quota[]> {
  return rows(
    await client
      .rpc("operator_user", { id_or_email: idOrEmail })
      .overrideTypes<Quota[], { merge: false }>(),
  );
}

export async function readCheckup(client: Client): Promise<Checkup | null> {
  const found = rows(
    await client.from("operator_checkup").select().overrideTypes<Checkup[], { merge: false }>(),
  );
  return found[0] ?? null;
}

export async function readCosts(client: Client): Promise<DayCost[]> {
  return rows(
    await client.from("operator_costs").select().overrideTypes<DayCost[], { merge: false }>(),
  );
}

/** The items of one error, newest first, after the given one. */
export async function readFailedItems(
  client: Client,
  { stage, error_code }: Pick<FailureGroup, "stage" | "error_code">,
  filter: FailureFilter,
  after?: FailedItem,
): Promise<FailedItem[]> {
  return rows(
    await client
      .rpc("operator_failed_items", {
        stage,
        error_code,
        at_most: pageSize,
        ...given(filter),
        ...(after && { before: after.failed_at, before_id: after.id }),
      })
      .overrideTypes<FailedItem[], { merge: false }>(),
  );
}

export async function readItem(
  client: Client,
  stage: string,
  id: number,
): Promise<{ item: ItemState | null; attempts: Attempt[] }> {
  const [item, attempts] = await Promise.all([
    client.rpc("operator_item", { stage, id }).overrideTypes<ItemState[], { merge: false }>(),
    client.rpc("operator_attempts", { stage, id }).overrideTypes<Attempt[], { merge: false }>(),
  ]);
  return { item: rows(item)[0] ?? null, attempts: rows(attempts) };
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
    const [part] = rows(
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

/** @throws what the Data API refused with */
function rows<T>({ data, error }: { data: T; error: unknown }): NonNullable<T> {
  if (error || data === null || data === undefined) throw error ?? new Error("No answer.");
  return data;
}

function done({ error }: { error: unknown }): void {
  if (error) throw error;
}
