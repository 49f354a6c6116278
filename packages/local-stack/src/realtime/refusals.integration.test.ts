import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { WebSocket } from "ws";
import { inbox, join, openTestRealtime, subscribe, unique, type Wanted } from "./test-realtime.ts";

const stack = inject("stack");
const place = openTestRealtime(stack);
let table = "";

beforeAll(async () => {
  table = await place.table("t text, n int, doc json, hidden text");
  await place.sql.unsafe(`grant select (id, t, n, doc) on ${table} to authenticated`);
});
afterAll(() => place[Symbol.asyncDispose]());

describe("bindings that cannot be", () => {
  const cannot = "Unable to subscribe to changes with given parameters.";
  const cases: [string, Wanted, string][] = [
    ["an unknown table", { table: "no_such_table" }, `${cannot} Please check Realtime is enabled`],
    ["an unknown schema", { schema: "nowhere", table: "x" }, "schema: nowhere, table: x"],
    [
      "an unknown operator",
      { filter: "t=foo.hey" },
      'Error parsing `filter` params: ["foo", "hey"]',
    ],
    ["no operator", { filter: "undefined" }, 'Error parsing `filter` params: ["undefined"]'],
    ["no table to filter", { table: undefined, filter: "n=eq.1" }, "No subscription params"],
    ["an empty condition", { filter: "n=gt.1,,n=lt.2" }, "must not contain empty segments"],
    ["`in` without parentheses", { filter: "n=in.1,2" }, "must be wrapped by parentheses"],
    ["an unknown column", { filter: "nope=eq.1" }, "invalid column for filter nope"],
    [
      "a column that may not be read",
      { filter: "hidden=eq.1" },
      "invalid column for filter hidden",
    ],
    [
      "a value of another type",
      { filter: "n=eq.abc" },
      'invalid input syntax for type integer: "abc"',
    ],
    [
      "an operator of another type",
      { filter: "n=like.1%" },
      "operator like is not supported on column n",
    ],
    [
      "a type without equality",
      { filter: "doc=eq.{}" },
      "operator eq is not supported on column doc",
    ],
    [
      "a broken regular expression",
      { filter: "t=match.(" },
      "invalid regular expression for match",
    ],
    ["`is` with a value", { filter: "n=is.5" }, "must be null, true, false, or unknown"],
    ["`is true` on a number", { filter: "n=is.true" }, "requires a boolean column, got integer"],
    [
      "too many values",
      { filter: `n=in.(${Array.from({ length: 101 }, (_, n) => n).join()})` },
      "too many values for `in` filter. Maximum 100",
    ],
    ["an unknown column to select", { select: ["nope"] }, "invalid column for select nope"],
    ["columns of any table", { table: "*", select: ["id"] }, "not supported for wildcard"],
  ];

  test.each(cases)("%s: told as a system message", async (_, wanted, reason) => {
    const client = await place.user(randomUUID());
    const listener = subscribe(client, { table, ...wanted });

    expect((await listener.statuses.next()).status).toBe("SUBSCRIBED");
    expect(await listener.system.next()).toMatchObject({
      extension: "postgres_changes",
      status: "error",
      message: expect.stringContaining(reason),
    });
  });

  test("a table that is not published", async () => {
    const unpublished = await place.table("n int", { published: false });
    const listener = subscribe(place.service(), { table: unpublished });

    expect(await listener.system.next()).toMatchObject({
      status: "error",
      message:
        `${cannot} Please check Realtime is enabled for the given connect parameters: ` +
        `[event: *, schema: public, table: ${unpublished}, filters: [], select: nil]`,
    });
  });

  test("with `wait` the join itself is refused", async () => {
    const channel = place.service().channel(unique("waiting"), {
      config: { postgres_changes_options: { wait: true } },
    });
    channel.on("postgres_changes", { event: "*", schema: "public", table: "nope" }, () => {});

    expect(await join(channel)).toMatchObject({
      status: "CHANNEL_ERROR",
      message: expect.stringMatching(/^RealtimeDisabledForConfiguration: Unable to subscribe/),
    });
  });
});

describe("tokens that do not count", () => {
  const claims = { sub: randomUUID() };
  const cases: [string, () => Promise<string>, string | RegExp][] = [
    [
      "expired",
      () => place.token(claims, -30),
      /^InvalidJWTToken: Token has expired 3\d seconds ago$/,
    ],
    [
      "forged",
      () => place.token(claims, 60, "another secret, another secret, another"),
      "JwtSignatureError: Failed to validate JWT signature",
    ],
    [
      "without a role",
      () => place.token({ role: undefined }),
      /^InvalidJWTToken: Fields `role` and/,
    ],
    [
      "of a role that the API may not use",
      () => place.token({ role: "postgres" }),
      /^Unauthorized/,
    ],
    ["malformed", async () => "no token at all", /^MalformedJWT: The token provided is not/],
  ];

  test.each(cases)("%s", async (_, makeToken, reason) => {
    const client = place.anonymous();
    await client.realtime.setAuth(await makeToken());

    expect(await join(client.channel(unique("refused")))).toEqual({
      status: "CHANNEL_ERROR",
      message: expect.stringMatching(reason),
    });
  });

  test("a channel ends when its token expires, and is told why", async () => {
    const client = place.anonymous();
    await client.realtime.setAuth(await place.token(claims, 2));
    const listener = subscribe(client, { table });

    expect(await listener.system.until(({ extension }) => extension === "system")).toMatchObject({
      status: "error",
      message: "Token has expired 0 seconds ago",
    });
    await listener.statuses.until(({ status }) => status === "CLOSED");
  });

  test("a channel lives on with a renewed token", async () => {
    const client = place.anonymous();
    await client.realtime.setAuth(await place.token(claims, 2));
    const listener = subscribe(client, { table });
    await listener.system.next();
    const short = subscribe(await place.user(randomUUID()), { table });
    await short.system.next();
    const expiring = place.anonymous();
    await expiring.realtime.setAuth(await place.token(claims, 3));
    const later = subscribe(expiring, { table });

    await client.realtime.setAuth(await place.token(claims, 60));
    await later.statuses.until(({ status }) => status === "CLOSED");
    await place.sql.unsafe(`insert into ${table} (t) values ('still here')`);

    expect((await listener.changes.next()).new.t).toBe("still here");
  });

  test("a renewal with a bad token ends the channel", async () => {
    const client = await place.user(randomUUID());
    const listener = subscribe(client, { table });
    await listener.system.next();

    await client.realtime.setAuth(await place.token(claims, 60, "another secret, another secret,"));

    expect(await listener.system.next()).toMatchObject({
      extension: "system",
      status: "error",
      message: "Failed to validate JWT signature",
    });
    await listener.statuses.until(({ status }) => status === "CLOSED");
  });
});

describe("the socket", () => {
  const open = (query: string, path = "/realtime/v1/websocket") => {
    const url = stack.apiUrl.replace("http", "ws");
    return new WebSocket(`${url}${path}?${query}`);
  };
  const refusal = (socket: WebSocket) =>
    new Promise<number | undefined>((resolve) => {
      socket.on("unexpected-response", (_, response) => resolve(response.statusCode));
      socket.on("open", () => resolve(101));
      socket.on("error", () => {});
    });

  test("needs a key, and its path", async () => {
    expect(await refusal(open(""))).toBe(401);
    expect(await refusal(open("apikey=sb_publishable_wrong"))).toBe(401);
    expect(await refusal(open(`apikey=${stack.publishableKey}`, "/realtime/v1/else"))).toBe(404);
  });

  test("answers heartbeats, and says so where a topic was not joined", async () => {
    const socket = open(`apikey=${stack.publishableKey}&vsn=2.0.0`);
    const replies = inbox<unknown[]>("reply");
    socket.on("message", (data) => replies.put(JSON.parse(String(data))));
    await new Promise((resolve) => socket.on("open", resolve));

    socket.send(JSON.stringify([null, "1", "phoenix", "heartbeat", {}]));
    socket.send(JSON.stringify(["2", "3", "realtime:x", "broadcast", {}]));
    socket.send(JSON.stringify(["4", "4", "realtime:", "phx_join", {}]));
    const replay = { config: { broadcast: { replay: { since: 0 } } } };
    socket.send(JSON.stringify(["5", "5", "realtime:x", "phx_join", replay]));

    const reason = async () => {
      const [, , , , payload] = await replies.next();
      return (payload as { response: { reason: string } }).response.reason;
    };
    const ok = { status: "ok", response: {} };
    expect(await replies.next()).toEqual([null, "1", "phoenix", "phx_reply", ok]);
    const unmatched = { status: "error", response: { reason: "unmatched topic" } };
    expect(await replies.next()).toEqual(["2", "3", "realtime:x", "phx_reply", unmatched]);
    expect(await reason()).toBe("TopicNameRequired: You must provide a topic name");
    expect(await reason()).toBe(
      "UnableToReplayMessages: Replay is not allowed for public channels",
    );
    socket.close();
  });

  test.each([
    ["text that is no JSON", "{"],
    ["text that is no array", "{}"],
    ["bytes cut short", Buffer.from([3, 1])],
    ["bytes of another kind", Buffer.alloc(20, 9)],
  ])("is closed when a frame is not understood: %s", async (_, frame) => {
    const socket = open(`apikey=${stack.publishableKey}&vsn=2.0.0`);
    socket.on("open", () => socket.send(frame));

    const [code, reason] = await new Promise<[number, string]>((resolve) => {
      socket.on("close", (code, reason) => resolve([code, String(reason)]));
    });

    expect([code, reason]).toEqual([1003, "A frame was not understood"]);
  });
});
