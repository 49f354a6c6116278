import type { Sql } from "../sql/sql.ts";
import type { UserBroadcast } from "./frames.ts";
import type { Tuple } from "./replication.ts";
import { type Broadcast, type Topics, topicKey } from "./topics.ts";

/** Passes on what SQL has sent with `realtime.send`, as the stream shows it. */
export function passOnMessage(topics: Topics, row: Tuple): void {
  const { topic, event, id } = row;
  if (!topic || !event || !id || row.skip_broadcast === "t") return;
  const broadcast = broadcastOf({ ...row, event, id }, { id });
  if (broadcast !== null) topics.broadcast(topicKey(topic, row.private === "t"), broadcast);
}

/** Messages are kept for three days, as on hosted. */
export async function removeOldMessages(sql: Sql): Promise<void> {
  await sql`
    delete from realtime.messages
    where inserted_at < timezone('utc', now()) - interval '3 days'`;
}

/** Null where a row has no message in it. */
export function broadcastOf(
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
