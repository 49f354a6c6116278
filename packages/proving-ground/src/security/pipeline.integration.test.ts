/** Schema `pipeline` belongs to workers: nobody else calls a function there or reads a table. */
import postgres from "postgres";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { createAnonymousClient, createUser } from "../support/create-user.ts";

const stack = inject("stack");

interface PipelineFunction {
  name: string;
  /** Names of its arguments, which the Data API needs to find it. */
  arguments: string[];
}

const sql = postgres(stack.adminDbUrl, { max: 1 });
const functions = await sql<PipelineFunction[]>`
  select p.proname as name,
    coalesce(p.proargnames[1:p.pronargs], '{}') as arguments
  from pg_proc as p
  where p.pronamespace = 'pipeline'::regnamespace and p.prorettype <> 'trigger'::regtype
  order by p.proname`;
const tables = await sql<{ name: string }[]>`
  select relname as name from pg_class
  where relnamespace = 'pipeline'::regnamespace and relkind in ('r', 'p', 'v') order by relname`;
await sql.end();

let accessToken: string;
beforeAll(async () => {
  accessToken = (await createUser(stack)).accessToken;
});

/** As any client could: plain HTTP, with the schema named in the header. */
function call(path: string, who: "user" | "anonymous", body?: unknown): Promise<Response> {
  return fetch(`${stack.apiUrl}/rest/v1/${path}`, {
    method: body === undefined ? "GET" : "POST",
    headers: {
      apikey: stack.publishableKey,
      "accept-profile": "pipeline",
      "content-profile": "pipeline",
      "content-type": "application/json",
      ...(who === "user" ? { authorization: `Bearer ${accessToken}` } : {}),
    },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

test("there is something to protect", () => {
  const names = functions.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(["claim_analysis", "complete_audio", "dispatch"]));
  expect(tables.map(({ name }) => name)).toContain("stages");
});

describe.each(["user", "anonymous"] as const)("for a caller who is %s", (who) => {
  test.each([...functions])("$name is closed", async ({ name, arguments: names }) => {
    const nothing = Object.fromEntries(names.map((argument) => [argument, null]));

    const response = await call(`rpc/${name}`, who, nothing);

    expect(await response.json()).toMatchObject({ code: "42501" });
    expect(response.status).toBe(who === "user" ? 403 : 401);
  });

  test.each([...tables])("table $name is closed", async ({ name }) => {
    const response = await call(name, who);

    expect(await response.json()).toMatchObject({ code: "42501" });
  });
});

test("an anonymous client of supabase-js claims nothing", async () => {
  const { data, error } = await createAnonymousClient(stack)
    .schema("pipeline")
    .rpc("claim_analysis", { batch_size: 1 });

  expect(data).toBeNull();
  expect(error).toMatchObject({ code: "42501" });
});
