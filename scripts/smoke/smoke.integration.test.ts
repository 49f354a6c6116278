/** The smoke scripts, run as a person would run them, against the embedded stack. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { describe, expect, inject, test } from "vitest";
import { projectRoot } from "../project-root.ts";

const stack = inject("stack");
const { PATH, NODE_COMPILE_CACHE } = process.env;
const environment = {
  SUPABASE_URL: stack.apiUrl,
  SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
  SUPABASE_SECRET_KEY: stack.secretKey,
};

async function run(script: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [join(projectRoot, "scripts/smoke", script), ...args], {
    env: { PATH, NODE_COMPILE_CACHE, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  child.stdout.on("data", (chunk) => {
    output += String(chunk);
  });
  const [code] = await once(child, "close");
  return { code, lastLine: output.trim().split("\n").at(-1) ?? "", output };
}

describe("smoke scripts", () => {
  test.each(["smoke-upload.ts", "smoke-upload-db.ts", "smoke-pipeline.ts", "smoke-realtime.ts"])(
    "%s passes",
    async (script) => {
      const { code, lastLine, output } = await run(script, environment);

      expect(lastLine, output).toBe("PASS");
      expect(code).toBe(0);
    },
  );

  test("seed-test-user.ts makes a user once, prints its password once, and removes it", async () => {
    const seed = (...args: string[]) => run("seed-test-user.ts", environment, ...args);
    const seeded = await seed();
    const password = / with the password (\S{16,})\n/.exec(seeded.output)?.[1] ?? "";
    const again = await seed();
    const removed = await seed("--remove");
    const anew = await seed();
    await seed("--remove");

    const lines = [seeded, again, removed, anew].map(({ lastLine }) => lastLine);
    expect(lines).toEqual(["PASS", "PASS", "PASS", "PASS"]);
    expect(password).not.toBe("");
    expect(again.output).not.toContain(password);
    expect(anew.output).not.toContain(password);
  });

  test.each([
    "https://abcdefghijklmnopqrst.supabase.co",
    "http://192.0.2.1:54321",
    "http://localhost.example.com",
    "http://127.0.0.1.example.com",
  ])("seed-test-user.ts makes no user on %s, and does not ask there", async (url) => {
    const { code, lastLine } = await run("seed-test-user.ts", {
      ...environment,
      SUPABASE_URL: url,
    });

    expect(lastLine).toMatch(/^FAIL: \S+ is not this machine/);
    expect(code).toBe(1);
  });

  test("a wrong key is a FAIL with its reason and exit code 1", async () => {
    const { code, lastLine } = await run("smoke-upload.ts", {
      ...environment,
      SUPABASE_SECRET_KEY: "sb_secret_wrong",
    });

    expect(lastLine).toMatch(/^FAIL: ./);
    expect(code).toBe(1);
  });

  test("without an environment it says what is missing", async () => {
    const { code, lastLine } = await run("smoke-upload.ts", {});

    expect(lastLine).toContain("FAIL: SUPABASE_URL");
    expect(code).toBe(1);
  });

  test("an unknown option is wrong usage", async () => {
    expect((await run("smoke-upload.ts", environment, "--quick")).code).toBe(2);
  });
});
