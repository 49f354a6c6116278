import { rm } from "node:fs/promises";
import { startStack } from "@sideline/local-stack";
import { fleetingFolder } from "@sideline/local-stack/parts";
import { TEMPLATE_DATABASE } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import type { TestProject } from "vitest/node";

/**
 * Starts the one stack that all integration tests share and stops it when the last has ended.
 * It runs as in production, cron included, so a test's own rows need a user of their own
 * (`createUser`) or a database of their own (`cloneDatabase`).
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = await fleetingFolder();
  const lines: string[] = [];
  /** What was no routine; told at the end if a test failed, since that may be why. */
  const troubles: string[] = [];
  const removeDir = () => rm(dir, { recursive: true, force: true, maxRetries: 5 });

  const stack = await startStack({
    dir,
    port: 0,
    dbPort: 0,
    cron: true,
    // Most runs are of a few files, which call a function or none.
    prewarm: false,
    providers: "local",
    template: TEMPLATE_DATABASE,
    durable: false,
    log: (line) => {
      lines.push(line);
      if (lines.length > 500) lines.shift();
      if (/"level":"error"|^(?!\{)/.test(line)) troubles.push(line);
      if (troubles.length > 200) troubles.shift();
    },
  }).catch(async (error: unknown) => {
    await removeDir();
    throw new Error(`The embedded stack did not start.\n${lines.slice(-30).join("\n")}`, {
      cause: error,
    });
  });

  // Autovacuum takes locks and changes plans when it likes: no test is to meet it by chance.
  const admin = postgres(stack.adminDbUrl, { max: 1 });
  await admin`alter system set autovacuum = off`;
  await admin`select pg_reload_conf()`;
  await admin.end();

  const { apiUrl, dbUrl, adminDbUrl, publishableKey, secretKey, jwtSecret, providersUrl } = stack;
  project.provide("stack", {
    apiUrl,
    dbUrl,
    adminDbUrl,
    publishableKey,
    secretKey,
    jwtSecret,
    dir,
    providersUrl,
  });

  return async () => {
    await stack.stop();
    await removeDir();
    if (troubles.length === 0 || project.vitest.state.getCountOfFailedTests() === 0) return;
    console.error(["", "What the shared stack complained of:", ...troubles, ""].join("\n"));
  };
}
