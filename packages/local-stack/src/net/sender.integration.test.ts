import { createServer, type Server } from "node:http";
import postgres from "postgres";
import { afterAll, beforeAll, beforeEach, expect, inject, test } from "vitest";

const stack = inject("stack");
const seen: { method: string; url: string; body: string; apikey: string | undefined }[] = [];
let sql: postgres.Sql;
let server: Server;
let url: string;

beforeAll(async () => {
  sql = postgres(stack.dbUrl, { max: 4, onnotice: () => {} });
  await sql`create extension if not exists pg_net with schema extensions`;
  server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const { method = "", url = "" } = request;
    const apikey = request.headers.apikey;
    seen.push({ method, url, body: Buffer.concat(chunks).toString(), apikey: apikey?.toString() });
    if (url !== "/never") response.writeHead(200, { "content-type": "text/plain" }).end("heard\0");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  url = `http://127.0.0.1:${typeof address === "object" && address !== null ? address.port : 0}`;
});

beforeEach(() => {
  seen.length = 0;
});

afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await sql.end();
});

async function answerTo(id: string | undefined): Promise<Record<string, unknown> | undefined> {
  const [answer] = await sql`select * from net._http_response where id = ${id ?? null}`;
  return answer;
}

test("a request is sent once its transaction commits, and the answer is recorded", async () => {
  const [request] = await sql.begin(async (tx) => {
    const rows = await tx<{ id: string }[]>`
      select net.http_post(
        ${`${url}/hook?a=1`}, '{"x": 1}', '{"q": "a b/ä"}', '{"apikey": "key"}'
      ) as id`;
    await tx`select pg_sleep(0.3)`;
    expect(seen).toEqual([]);
    return rows;
  });

  await expect
    .poll(() => answerTo(request?.id), { timeout: 5_000 })
    .toMatchObject({ status_code: 200, content: "heard", content_type: "text/plain" });
  expect(seen).toEqual([
    { method: "POST", url: "/hook?a=1&q=a%20b%2F%C3%A4", body: '{"x": 1}', apikey: "key" },
  ]);
  expect(await sql`select from net.http_request_queue where id = ${request?.id ?? null}`).toEqual(
    [],
  );
});

test("a request that is rolled back is never sent", async () => {
  const rolledBack = sql.begin(async (tx) => {
    await tx`select net.http_get(${`${url}/rolled-back`})`;
    throw new Error("rolled back");
  });
  await expect(rolledBack).rejects.toThrow("rolled back");
  const [request] = await sql<{ id: string }[]>`select net.http_delete(${`${url}/sent`}) as id`;

  await expect.poll(() => answerTo(request?.id), { timeout: 5_000 }).toBeDefined();
  expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual(["DELETE /sent"]);
});

test("a server that does not answer in time is recorded as a timeout", async () => {
  const [request] = await sql<{ id: string }[]>`
    select net.http_get(${`${url}/never`}, timeout_milliseconds := 200) as id`;

  await expect
    .poll(() => answerTo(request?.id), { timeout: 5_000 })
    .toMatchObject({ timed_out: true, status_code: null });
});

test("a server that is not there is recorded with the reason", async () => {
  const [request] = await sql<{ id: string }[]>`select net.http_get('http://127.0.0.1:9') as id`;

  await expect
    .poll(() => answerTo(request?.id), { timeout: 5_000 })
    .toMatchObject({
      status_code: null,
      error_msg: expect.stringMatching(/ECONNREFUSED|bad port/),
    });
});

test("a hundred requests of one statement are all delivered", async () => {
  const rows = await sql<{ id: string }[]>`
    select net.http_get(${url} || '/' || n) as id from generate_series(1, 100) as n`;

  const ids = rows.map((row) => row.id);
  await expect
    .poll(() => sql`select from net._http_response where id = any (${ids}) and status_code = 200`, {
      timeout: 10_000,
    })
    .toHaveLength(100);
});
