import type { Database } from "@sideline/database";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";

export interface PartHealth {
  isOk: boolean;
  /** Until it answered, or was given up. */
  milliseconds: number;
  /** What is wrong, in the machine's words. */
  problem: string | null;
}

export interface Health {
  /** `degraded`: rows can be read, so what is there can be shown. */
  status: "ok" | "degraded" | "down";
  database: PartHealth;
  realtime: PartHealth;
  /** By name. */
  functions: Record<string, PartHealth>;
}

type Client = SupabaseClient<Database>;

const functionNames = ["ai-analyze-video", "ssmlWorker", "audioWorker", "render", "draftWorker"];
let channelCount = 0;

/** Asks each part that an app depends on, side by side. Never throws. Works signed in or not. */
export async function healthCheck(client: Client, timeoutMs = 5_000): Promise<Health> {
  const [database, realtime, ...functions] = await Promise.all([
    probe(timeoutMs, (signal) => askDatabase(client, signal)),
    probe(timeoutMs, (signal) => askRealtime(client, signal)),
    ...functionNames.map((name) => probe(timeoutMs, () => askFunction(client, name, timeoutMs))),
  ]);
  const parts = [database, realtime, ...functions];
  const isOk = parts.every((part) => part.isOk);
  return {
    status: isOk ? "ok" : database.isOk ? "degraded" : "down",
    database,
    realtime,
    functions: Object.fromEntries(
      functionNames.flatMap((name, at) => (functions[at] ? [[name, functions[at]]] : [])),
    ),
  };
}

async function probe(
  timeoutMs: number,
  ask: (signal: AbortSignal) => Promise<void>,
): Promise<PartHealth> {
  const started = performance.now();
  const signal = AbortSignal.timeout(timeoutMs);
  let problem: string | null = null;
  try {
    await ask(signal);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    problem = signal.aborted ? `No answer within ${timeoutMs / 1000} s.` : message;
  }
  const milliseconds = Math.round(performance.now() - started);
  return { isOk: problem === null, milliseconds, problem };
}

/** A refusal by Postgres is an answer, too: nobody may be signed in. */
async function askDatabase(client: Client, signal: AbortSignal): Promise<void> {
  const { error } = await client.from("coach_voices").select("id").limit(1).abortSignal(signal);
  if (error && error.code !== "42501") throw new Error(error.message || error.code);
}

/** Signed in: changes flow. Else: the socket opens and a channel joins. */
async function askRealtime(client: Client, signal: AbortSignal): Promise<void> {
  const { data } = await client.auth.getSession();
  await client.realtime.setAuth();
  channelCount += 1;
  const channel = client.channel(`sideline-health-${channelCount}`);
  try {
    await (data.session ? changesFlow(channel, signal) : joined(channel, signal));
  } finally {
    void client.removeChannel(channel);
  }
}

function changesFlow(channel: RealtimeChannel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    const nothing = { event: "*", schema: "public", table: "video_recordings" } as const;
    channel
      .on("postgres_changes", { ...nothing, filter: "id=eq.0" }, () => {})
      .on("system", {}, ({ extension, status, message }) => {
        if (extension !== "postgres_changes") return;
        if (status === "ok") resolve();
        else reject(new Error(String(message)));
      })
      .subscribe((status, error) => {
        if (status !== "SUBSCRIBED") reject(error ?? new Error(status));
      });
  });
}

function joined(channel: RealtimeChannel, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    channel.subscribe((status, error) => {
      if (status === "SUBSCRIBED") resolve();
      else reject(error ?? new Error(status));
    });
  });
}

async function askFunction(client: Client, name: string, timeout: number): Promise<void> {
  const { error } = await client.functions.invoke(`${name}/health`, { method: "GET", timeout });
  if (error) throw error;
}
