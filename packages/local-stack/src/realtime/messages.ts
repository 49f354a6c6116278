import { z } from "zod";
import type { Sql } from "../sql/sql.ts";
import type { UserBroadcast } from "./frames.ts";
import { TokenError } from "./identity.ts";
import type { JoinRequest } from "./join-request.ts";
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

const maxMessages = 25;

/** `since` in milliseconds since 1970. */
const replaySchema = z.object({
  since: z.number().int().default(0),
  limit: z.number().int().default(10),
});

interface ReplayedMessage {
  id: string;
  broadcast: Broadcast;
}

/**
 * What was sent to a private topic before a channel joined it, oldest first, where it asks for that.
 * @throws TokenError where it may not ask
 */
export async function readReplay(
  sql: Sql,
  topic: string,
  { broadcast: { replay }, isPrivate }: JoinRequest,
  mayRead: () => boolean,
): Promise<ReplayedMessage[]> {
  if (replay === undefined) return [];
  const refuse = (reason: string) => new TokenError("UnableToReplayMessages", reason);
  if (!isPrivate) throw refuse("Replay is not allowed for public channels");
  if (!mayRead()) {
    throw new TokenError(
      "Unauthorized",
      `You do not have permissions to read from this Channel topic: ${topic}`,
    );
  }
  const wanted = replaySchema.safeParse(replay);
  if (!wanted.success) throw refuse("Replay params are not valid");
  const { since, limit } = wanted.data;
  const rows = await sql<{ id: string; event: string; payload: string; binary_payload: string }>`
    select id, event, payload::text, binary_payload::text
    from realtime.messages
    where topic = ${topic} and private and extension = 'broadcast' and event is not null
      and inserted_at >= timezone('utc', to_timestamp(${since / 1000}))
    order by inserted_at desc
    limit ${Math.max(1, Math.min(limit, maxMessages))}`;
  return rows.reverse().flatMap((row) => {
    const broadcast = broadcastOf(row, { replayed: true, id: row.id });
    return broadcast === null ? [] : [{ id: row.id, broadcast }];
  });
}
