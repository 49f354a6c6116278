import type { Sql } from "postgres";
import type { UserBroadcast } from "./frames.ts";
import type { Tuple } from "./replication.ts";
import { type Broadcast, type Topics, topicKey } from "./topics.ts";

const maxReplayed = 25;

/** Passes on what SQL has sent with `realtime.send`, as the stream shows it. */
export function passOnMessage(topics: Topics, row: Tuple): void {
  const { topic, event, id } = row;
  if (!topic || !event || !id || row.skip_broadcast === "t") return;
  const broadcast = broadcastOf({ ...row, event, id }, { id });
  if (broadcast !== null) topics.broadcast(topicKey(topic, row.private === "t"), broadcast);
}

/**
 * The last messages of a private topic, oldest first.
 * @param since milliseconds since 1970
 */
export async function replayMessages(
  sql: Sql,
  topic: string,
  since: number,
  limit: number,
): Promise<{ id: string; broadcast: Broadcast }[]> {
  const rows = await sql<{ id: string; event: string; payload: string; binary_payload: string }[]>`
    select id, event, payload::text, binary_payload::text
    from realtime.messages
    where topic = ${topic} and private and extension = 'broadcast' and event is not null
      and inserted_at >= timezone('utc', to_timestamp(${since / 1000}))
    order by inserted_at desc
    limit ${Math.max(1, Math.min(limit, maxReplayed))}`;
  return rows.reverse().flatMap((row) => {
    const broadcast = broadcastOf(row, { replayed: true, id: row.id });
    return broadcast === null ? [] : [{ id: row.id, broadcast }];
  });
}

/** Messages are kept for three days, as on hosted. */
export async function removeOldMessages(sql: Sql): Promise<void> {
  await sql`
    delete from realtime.messages
    where inserted_at < timezone('utc', now()) - interval '3 days'`;
}

function broadcastOf(
  row: { id: string; event: string } & Tuple,
  meta: Record<string, unknown>,
): Broadcast | null {
  const { id, event, payload, binary_payload } = row;
  if (binary_payload) {
    const body = Buffer.from(binary_payload.slice(2), "hex");
    const user: UserBroadcast = { event, encoding: "binary", body, meta };
    return { user };
  }
  if (!payload) return null;
  const head = JSON.stringify({ type: "broadcast", event, meta });
  return { id, payload: `${head.slice(0, -1)},"payload":${payload}}` };
}
