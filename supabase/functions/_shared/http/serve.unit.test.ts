import { describe, expect, test } from "vitest";
import type { Runtime } from "../runtime.ts";
import { json } from "./responses.ts";
import { serve } from "./serve.ts";

const complete = {
  SUPABASE_URL: "http://127.0.0.1:1",
  SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_a"}',
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_b"}',
  SUPABASE_JWKS: '{"keys":[]}',
  GEMINI_API_KEY: "gemini-key",
};

function functionIn(environment: Record<string, string>, fails = false) {
  const lines: string[] = [];
  const runtime: Runtime = {
    environment: () => environment,
    fetch,
    background: () => undefined,
    resolve: async () => [],
    shutdown: new AbortController().signal,
    write: (line) => lines.push(line),
  };
  const build = () => async () => {
    if (fails) throw new TypeError("the user's words");
    return json({ done: true });
  };
  const { fetch: handle } = serve({ name: "ssmlWorker", accepts: ["secret"], build }, runtime);
  const call = async (path: string, headers: Record<string, string> = {}) => {
    const method = path === "/health" ? "GET" : "POST";
    const response = await handle(new Request(`http://x/ssmlWorker${path}`, { method, headers }));
    return { status: response.status, body: await response.json() };
  };
  return { call, lines };
}

describe("serve", () => {
  test("answers with the missing variables' names until they are set", async () => {
    const environment: Record<string, string> = { ...complete, GEMINI_API_KEY: "" };
    const { call } = functionIn(environment);

    expect(await call("/health")).toEqual({
      status: 503,
      body: {
        code: "misconfigured",
        message: "The function is not configured: GEMINI_API_KEY is not set.",
      },
    });
    environment.GEMINI_API_KEY = "gemini-key";
    expect((await call("/health")).status).toBe(200);
  });

  test("an unforeseen error is a plain 500, and its message is not logged", async () => {
    const { call, lines } = functionIn(complete, true);

    expect(await call("", { apikey: "sb_secret_b" })).toEqual({
      status: 500,
      body: { code: "internal_error", message: "The request failed unexpectedly." },
    });
    expect(lines.join()).toContain('"error_name":"TypeError"');
    expect(lines.join()).not.toContain("user's words");
  });
});
