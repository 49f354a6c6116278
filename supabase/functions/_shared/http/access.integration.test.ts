import { besideFunction, stageFunction } from "@sideline/contracts";
import { createDatabaseClient } from "@sideline/database";
import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import { beforeAll, describe, expect, inject, test } from "vitest";
import { callFunction } from "../testing/call-function.ts";
import { eventually } from "../testing/eventually.ts";

const stack = inject("stack");
const everyFunction = [...Object.values(stageFunction), ...Object.values(besideFunction)];
const workersOnly = everyFunction.filter((name) => name !== stageFunction.analysis);
let user: TestUser;

beforeAll(async () => {
  user = await createUser(stack);
});

describe.each(everyFunction)("%s", (name) => {
  test("tells anyone that it is healthy", async () => {
    expect(await callFunction(stack, { name, path: "/health", key: null })).toEqual({
      status: 200,
      body: { status: "ok", function: name },
    });
  });

  test.each([
    ["no key", { key: null }],
    ["the publishable key alone", {}],
    ["a made-up secret key", { key: "sb_secret_made_up_0000000000000000000" }],
    ["the publishable key as a token", { token: stack.publishableKey }],
    ["the secret key as a token", { key: null, token: stack.secretKey }],
    ["a forged token", { token: "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0." }],
  ])("refuses %s", async (_what, credentials) => {
    const { status } = await callFunction(stack, { name, body: {}, ...credentials });

    expect(status).toBe(401);
  });

  test("works its queue for the service and answers with counts", async () => {
    const { status, body } = await callFunction(stack, { name, body: {}, key: stack.secretKey });

    expect(status).toBe(200);
    expect(body).toMatchObject({ claimed: expect.any(Number), lost: 0 });
  });

  test("answers a browser's preflight", async () => {
    const response = await fetch(`${stack.apiUrl}/functions/v1/${name}`, {
      method: "OPTIONS",
      headers: { origin: "https://app.test", "access-control-request-method": "POST" },
    });

    expect(response.ok).toBe(true);
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
  });
});

test("a user cannot work the analysis queue", async () => {
  const call = { name: stageFunction.analysis, token: user.accessToken, body: {} };

  expect(await callFunction(stack, call)).toMatchObject({
    status: 403,
    body: { code: "forbidden" },
  });
});

test.each(workersOnly)("a user cannot call %s at all", async (name) => {
  expect(await callFunction(stack, { name, token: user.accessToken, body: {} })).toMatchObject({
    status: 401,
    body: { code: "unauthorized" },
  });
});

test("what was refused is in the audit log, many calls in a row", async () => {
  const service = createDatabaseClient(stack.apiUrl, { key: stack.secretKey });
  const refused = async () => {
    const { data, error } = await service
      .schema("pipeline")
      .from("audit_log")
      .select("actor, details")
      .eq("action", "call_refused")
      .eq("subject", stageFunction.audio);
    if (error) throw error;
    return data;
  };
  const before = (await refused()).length;

  const call = { name: stageFunction.audio, key: "sb_secret_made_up_0000000000000000000" };
  await Promise.all(Array.from({ length: 20 }, () => callFunction(stack, { ...call, body: {} })));

  const rows = await eventually("it is told", async () => {
    const all = await refused();
    return all.length > before ? all : null;
  });
  expect(rows.length - before).toBeLessThanOrEqual(3);
  expect(rows.at(-1)).toMatchObject({ actor: "service", details: { code: "unauthorized" } });
});
