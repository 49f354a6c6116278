/**
 * The sender behind the pg_net stand-in. A trigger on `net.http_request_queue` notifies at commit;
 * the sender then takes rows off the queue, sends them side by side, and writes `net._http_response`.
 * It also looks each second, for notifications missed while Postgres was away. As with pg_net,
 * a request is taken off before it is sent and is never sent twice.
 */
import { listen } from "../sql/listen.ts";
import { openSql, type Sql, tableExists } from "../sql/sql.ts";
import { insertion } from "../sql/statement.ts";
import { messageOf } from "../stack-error.ts";

const maxInFlight = 32;
const pollMs = 1000;
const pruneMs = 10 * 60_000;

export function startSender(options: { adminDbUrl: string; log(line: string): void }): {
  stop(): Promise<void>;
} {
  const { adminDbUrl, log } = options;
  const settings = { synchronous_commit: "off" };
  const sql = openSql(adminDbUrl, { max: 4, name: "pg_net", settings });
  const stopped = new AbortController();
  const inFlight = new Set<Promise<void>>();
  let taking = false;
  let wokenMeanwhile = false;
  let away = false;
  let prunedAt = 0;

  async function wake(): Promise<void> {
    if (taking) {
      wokenMeanwhile = true;
      return;
    }
    taking = true;
    try {
      do {
        wokenMeanwhile = false;
        await takeAll();
      } while (wokenMeanwhile);
      away = false;
    } catch (error) {
      if (!away && !stopped.signal.aborted) log(`net: the database is away: ${messageOf(error)}`);
      away = true;
    } finally {
      taking = false;
    }
  }

  async function takeAll(): Promise<void> {
    while (!stopped.signal.aborted && inFlight.size < maxInFlight) {
      const requests = await takeRequests(sql, maxInFlight - inFlight.size);
      if (requests.length === 0) return;
      for (const request of requests) begin(request);
    }
  }

  function begin(request: QueuedRequest): void {
    const work = send(request, stopped.signal)
      .then((outcome) => recordOutcome(sql, outcome))
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) log(`net: request ${request.id}: ${messageOf(error)}`);
      })
      .finally(() => {
        inFlight.delete(work);
        if (!stopped.signal.aborted) void wake();
      });
    inFlight.add(work);
  }

  async function poll(): Promise<void> {
    await wake();
    if (Date.now() - prunedAt < pruneMs) return;
    prunedAt = Date.now();
    await prune(sql).catch(() => {});
  }

  const timer = setInterval(() => void poll(), pollMs);
  const listener = listen({
    url: adminDbUrl,
    name: "pg_net",
    channel: "pg_net_requests",
    onNotify: () => void wake(),
    onMissed: () => void wake(),
  });

  return {
    stop: async () => {
      clearInterval(timer);
      stopped.abort();
      await Promise.allSettled(inFlight);
      await listener.stop();
      await sql.end();
    },
  };
}

async function takeRequests(sql: Sql, count: number): Promise<QueuedRequest[]> {
  if (!(await tableExists(sql, "net.http_request_queue"))) return [];
  return await sql<QueuedRequest>`
    delete from net.http_request_queue
    where id in (
      select id from net.http_request_queue order by id limit ${count} for update skip locked
    )
    returning id, method, url, headers, body, timeout_milliseconds`;
}

async function recordOutcome(sql: Sql, outcome: RequestOutcome): Promise<void> {
  await sql`insert into net._http_response ${insertion({ ...outcome })}`;
}

/** pg_net keeps answers for six hours. */
async function prune(sql: Sql): Promise<void> {
  if (!(await tableExists(sql, "net.http_request_queue"))) return;
  await sql`delete from net._http_response where created < now() - interval '6 hours'`;
}

/** A row of `net.http_request_queue`. */
interface QueuedRequest {
  id: string;
  method: string;
  url: string;
  headers: Record<string, string> | null;
  body: Buffer | null;
  timeout_milliseconds: number;
}

/** What goes into `net._http_response` for it: an answer, or why there is none. */
interface RequestOutcome {
  id: string;
  status_code: number | null;
  content_type: string | null;
  headers: Record<string, string> | null;
  content: string | null;
  timed_out: boolean;
  error_msg: string | null;
}

/** Sends one request, once. Never throws: whatever goes wrong is an outcome. */
async function send(request: QueuedRequest, stopped: AbortSignal): Promise<RequestOutcome> {
  const { id, timeout_milliseconds: timeoutMs } = request;
  const none = { id, status_code: null, content_type: null, headers: null, content: null };
  const timeout = AbortSignal.timeout(timeoutMs);
  try {
    const response = await fetch(request.url, {
      method: request.method.toUpperCase(),
      headers: request.headers ?? {},
      body: request.body === null ? null : new Uint8Array(request.body),
      signal: AbortSignal.any([timeout, stopped]),
    });
    return {
      id,
      status_code: response.status,
      content_type: response.headers.get("content-type"),
      headers: Object.fromEntries(response.headers),
      // Postgres' text holds everything but the zero byte.
      content: (await response.text()).replaceAll("\0", ""),
      timed_out: false,
      error_msg: null,
    };
  } catch (error) {
    if (timeout.aborted) {
      return { ...none, timed_out: true, error_msg: `Timeout of ${timeoutMs} ms reached.` };
    }
    return { ...none, timed_out: false, error_msg: reasonOf(error) };
  }
}

/** fetch says "fetch failed" and keeps the reason in `cause`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? cause.message : error.message;
}
