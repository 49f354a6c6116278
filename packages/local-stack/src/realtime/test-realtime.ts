import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { createClient, type RealtimeChannel, type SupabaseClient } from "@supabase/supabase-js";
import { SignJWT } from "jose";
import postgres from "postgres";

const patienceMs = 20_000;

export type Inbox<T> = ReturnType<typeof inbox<T>>;

/** Things that come in, in order, to be awaited one by one. */
export function inbox<T>(what: string) {
  const all: T[] = [];
  let taken = 0;
  let wake = Promise.withResolvers<void>();

  /** The next that has not been taken; waits for it. */
  async function next(): Promise<T> {
    const late = sleep(patienceMs, undefined, { ref: false }).then(() => {
      const before = JSON.stringify(all.slice(-3)).slice(0, 500);
      throw new Error(`No ${what} came. Before: ${before}`);
    });
    late.catch(() => {});
    while (taken >= all.length) await Promise.race([wake.promise, late]);
    const item = all[taken++];
    if (item === undefined) throw new Error("An inbox was read by two at once.");
    return item;
  }

  return {
    /** All so far, also those taken. */
    all,
    next,
    put(item: T): void {
      all.push(item);
      wake.resolve();
      wake = Promise.withResolvers();
    },
    /** Takes items until one satisfies, and returns that. */
    async until(satisfies: (item: T) => boolean): Promise<T> {
      for (;;) {
        const item = await next();
        if (satisfies(item)) return item;
      }
    },
  };
}

interface Change {
  schema: string;
  table: string;
  eventType: string;
  commit_timestamp: string;
  new: Record<string, unknown>;
  old: Record<string, unknown>;
  errors: string[] | null;
}

interface Status {
  status: string;
  message: string;
}

interface SystemMessage {
  extension: string;
  status: string;
  message: string;
  channel: string;
}

/** A channel with inboxes for everything that can come in. */
type Listener = ReturnType<typeof listen>;

/** One `.on("postgres_changes", …)`. */
export interface Wanted {
  event?: string;
  schema?: string;
  table?: string;
  filter?: string;
  select?: string[];
}

/** Subscribes to changes and returns once they flow. */
export async function follow(client: SupabaseClient, ...wanted: Wanted[]): Promise<Listener> {
  const listener = subscribe(client, ...wanted);
  await listener.system.until(
    ({ extension, status }) => extension === "postgres_changes" && status === "ok",
  );
  return listener;
}

/** Subscribes to changes without waiting for anything. */
export function subscribe(client: SupabaseClient, ...wanted: Wanted[]): Listener {
  const channel = client.channel(unique("channel"));
  const listener = listen(channel);
  for (const one of wanted) {
    const filter = { event: "*", schema: "public", ...one };
    // The client's types know literal events only.
    channel.on<Record<string, unknown>>(
      "postgres_changes",
      filter as { event: "*"; schema: string },
      (change) => listener.changes.put(change as unknown as Change),
    );
  }
  channel.subscribe((status, error) =>
    listener.statuses.put({ status, message: error?.message ?? "" }),
  );
  return listener;
}

function listen(channel: RealtimeChannel) {
  const listener = {
    channel,
    changes: inbox<Change>("change"),
    statuses: inbox<Status>("status"),
    system: inbox<SystemMessage>("system message"),
  };
  channel.on("system", {}, (message) => listener.system.put(message));
  return listener;
}

/** Joins a channel on which the caller has registered all it wants to hear. */
export async function join(channel: RealtimeChannel): Promise<Status> {
  const statuses = inbox<Status>("status");
  channel.subscribe((status, error) => statuses.put({ status, message: error?.message ?? "" }));
  return await statuses.next();
}

export function unique(name: string): string {
  return `${name}_${randomBytes(5).toString("hex")}`;
}

export type TestRealtime = ReturnType<typeof openTestRealtime>;

type ClientOptions = NonNullable<Parameters<typeof createClient>[2]>["realtime"];

export function openTestRealtime(place: {
  apiUrl: string;
  dbUrl: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
}) {
  const sql = postgres(place.dbUrl, { max: 4, onnotice: () => {} });
  const clients: SupabaseClient[] = [];
  const tables: string[] = [];
  const open = (key: string, realtime: ClientOptions = {}) => {
    const client = createClient(place.apiUrl, key, {
      auth: { persistSession: false, autoRefreshToken: false },
      realtime,
    });
    clients.push(client);
    return client;
  };
  const token = (
    claims: Record<string, unknown>,
    secondsToLive = 3600,
    secret = place.jwtSecret,
  ): Promise<string> =>
    new SignJWT({ aud: "authenticated", role: "authenticated", ...claims })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setIssuedAt()
      .setExpirationTime(Math.floor(Date.now() / 1000) + secondsToLive)
      .sign(new TextEncoder().encode(secret));
  return {
    /** As role `postgres`. */
    sql,
    token,
    /** With the publishable key; options as of `createClient`. */
    anonymous: (options?: ClientOptions) => open(place.publishableKey, options),
    service: (options?: ClientOptions) => open(place.secretKey, options),
    /** As a user with this id, by a token signed as hosted projects' legacy tokens are. */
    async user(userId: string, options?: ClientOptions) {
      const client = open(place.publishableKey, options);
      await client.realtime.setAuth(await token({ sub: userId }));
      return client;
    },
    /**
     * A table of its own in `public`, published; dropped at the end.
     * @param columns beside `id bigint generated by default as identity primary key`
     */
    async table(columns: string, { published = true } = {}): Promise<string> {
      const name = unique("realtime");
      tables.push(name);
      await sql.unsafe(`
        create table public.${name} (
          id bigint generated by default as identity primary key,
          ${columns}
        );
        grant all on public.${name} to service_role;`);
      if (published) await sql.unsafe(`alter publication supabase_realtime add table ${name}`);
      return name;
    },
    async [Symbol.asyncDispose](): Promise<void> {
      await Promise.all(clients.map((client) => client.realtime.disconnect()));
      for (const name of tables) await sql.unsafe(`drop table if exists public.${name}`);
      await sql.end();
    },
  };
}
