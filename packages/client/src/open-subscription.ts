import type { Database } from "@sideline/database";
import type { RealtimeChannel, SupabaseClient } from "@supabase/supabase-js";
import { onWake } from "./on-wake.ts";
import type { Hint } from "./watch.ts";

/** Channels of one client must not share a name, or they would be one. */
let channelCount = 0;

/** Before a channel that the server has closed is replaced by a new one. */
const reopenMs = 2_000;

/**
 * A channel for changes of rows, for as long as it is wanted; says when it is in force and when not.
 * A closed socket is opened again by supabase-js; a channel that the server closed (an expired
 * token) is not, so it is here.
 * @param bind adds what is listened to
 * @returns ends it
 */
export function openSubscription(
  client: SupabaseClient<Database>,
  name: string,
  hear: (hint: Exclude<Hint, { kind: "changed" }>) => void,
  bind: (channel: RealtimeChannel) => void,
): () => Promise<void> {
  let isOver = false;
  let channel: RealtimeChannel | null = null;
  let timer: ReturnType<typeof setTimeout> | undefined;

  async function open(): Promise<void> {
    // Without it the first channel joins as anonymous.
    await client.realtime.setAuth();
    if (isOver) return;
    channelCount += 1;
    const opened = client.channel(`${name}-${channelCount}`);
    channel = opened;
    bind(opened);
    listen(opened, hear).subscribe((status, error) => {
      if (isOver || channel !== opened || status === "SUBSCRIBED") return;
      hear({ kind: "lost", reason: error?.message ?? status });
      if (status === "CLOSED") reopen();
    });
  }

  function reopen(): void {
    const closed = channel;
    channel = null;
    if (closed) void client.removeChannel(closed);
    clearTimeout(timer);
    timer = setTimeout(begin, reopenMs);
  }

  function begin(): void {
    open().catch((error: unknown) => {
      if (isOver) return;
      hear({ kind: "lost", reason: error instanceof Error ? error.message : String(error) });
      timer = setTimeout(begin, reopenMs);
    });
  }

  const stopListening = onWake(() => hear({ kind: "woke" }));
  begin();
  return async () => {
    isOver = true;
    clearTimeout(timer);
    stopListening();
    if (channel) await client.removeChannel(channel);
  };
}

function listen(
  channel: RealtimeChannel,
  hear: (hint: Exclude<Hint, { kind: "changed" }>) => void,
): RealtimeChannel {
  return channel.on("system", {}, ({ extension, status, message }) => {
    if (extension !== "postgres_changes") return;
    hear(status === "ok" ? { kind: "live" } : { kind: "lost", reason: String(message) });
  });
}
