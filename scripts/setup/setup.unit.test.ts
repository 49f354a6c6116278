import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, describe, expect, test } from "vitest";
import { isAlive, withLock } from "./lock.mjs";
import { runsTypeScript } from "./node-runtime.mjs";
import { root } from "./root.mjs";

const directory = mkdtempSync(join(tmpdir(), "sideline setup-"));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test.each([
  ["20.20.2", false],
  ["22.17.1", false],
  ["22.18.0", true],
  ["23.11.0", false],
  ["24.0.0", true],
  ["26.1.0", true],
])("Node %s runs TypeScript: %s", (version, runs) => {
  expect(runsTypeScript(version)).toBe(runs);
});

describe("lock", () => {
  test("lets one in at a time", async () => {
    const file = join(directory, "one.lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      await sleep(20);
      inside -= 1;
    };

    await Promise.all([withLock(file, work), withLock(file, work), withLock(file, work)]);

    expect(most).toBe(1);
  });

  test("is given back when the work fails", async () => {
    const file = join(directory, "failing.lock");
    await expect(withLock(file, () => Promise.reject(new Error("no network")))).rejects.toThrow(
      "no network",
    );

    await expect(withLock(file, async () => {})).resolves.toBeUndefined();
  });

  test.each(["of a process that is gone", "that nobody has touched for long"])(
    "a lock %s is taken over",
    async (kind) => {
      const file = join(directory, `${kind}.lock`);
      const isGone = kind.includes("gone");
      writeFileSync(file, String(isGone ? 2 ** 22 + 1 : process.pid));
      if (!isGone) utimesSync(file, new Date(0), new Date(0));

      await expect(withLock(file, async () => {})).resolves.toBeUndefined();
    },
  );
});

describe("run.mjs", () => {
  const start = (body: string, ...args: string[]): ChildProcess => {
    const script = join(directory, `script ${Math.random()}.ts`);
    writeFileSync(script, body);
    const launcher = `
      import { launch } from ${JSON.stringify(join(root, "scripts/setup/launch.mjs"))};
      process.exitCode = await launch(process.execPath, ${JSON.stringify(script)}, ${JSON.stringify(args)});`;
    return spawn(process.execPath, ["--input-type=module", "-e", launcher], {
      stdio: ["ignore", "pipe", "inherit"],
    });
  };
  const textOf = async (child: ChildProcess) => {
    let text = "";
    child.stdout?.on("data", (chunk) => {
      text += String(chunk);
    });
    const [code] = await once(child, "close");
    return { text: text.trim(), code };
  };

  test("passes arguments and the exit code through", async () => {
    const child = start(
      `const words: string[] = process.argv.slice(2);
       console.log(JSON.stringify(words));
       process.exitCode = 7;`,
      "--flag",
      "two words",
    );

    expect(await textOf(child)).toEqual({ text: '["--flag","two words"]', code: 7 });
  });

  test("passes a signal on once, however often it comes", async () => {
    const child = start(
      `let count = 0;
       process.on("SIGINT", () => { count += 1; });
       setTimeout(() => { console.log(count); process.exit(0); }, 600);
       console.log("ready");`,
    );
    await once(child.stdout ?? child, "data");
    child.kill("SIGINT");
    await sleep(50);
    child.kill("SIGINT");

    expect((await textOf(child)).text).toBe("1");
  });

  test("its script ends when it is killed outright", async () => {
    const child = start("setInterval(() => {}, 1000); console.log(process.pid);");
    const [chunk] = await once(child.stdout ?? child, "data");
    const pid = Number(String(chunk));
    expect(() => process.kill(pid, 0)).not.toThrow();

    child.kill("SIGKILL");

    await expect.poll(() => isAlive(pid), { timeout: 5_000 }).toBe(false);
  });
});
