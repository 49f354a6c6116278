import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { text } from "node:stream/consumers";
import { loadKeys } from "../keys.ts";
import { claimPort } from "../ports.ts";
import { localDirectory } from "../project.ts";
import { startStack } from "../stack.ts";
import { copySuite, run } from "./copy-suite.ts";
import { oldGrants, type Place, type Results, type Suite } from "./suite.ts";

/** The secret of everybody's local Docker stack, by which the suites' keys are signed. */
const wellKnownSecret = "super-secret-jwt-token-with-at-least-32-characters-long";

/**
 * Runs one suite against a stack of its own, freshly made with the suite's migrations and seed.
 * @param checkout of the suite's repository
 * @param options.log told what the stack and the suite print
 */
export async function runSuite(
  suite: Suite,
  checkout: string,
  { log }: { log(line: string): void },
): Promise<Results> {
  const ports = { api: await claimPort(0, "--port"), db: await claimPort(0, "--db-port") };
  const area = path.join(localDirectory, "conformance", suite.name.replaceAll(" ", "-"));
  const to = await copySuite(suite, { checkout, to: area, ports });
  for (const command of suite.before ?? []) run(to, command);

  const dir = await mkdtemp(path.join(tmpdir(), "sideline-conformance-"));
  try {
    await chmod(dir, 0o711);
    await useWellKnownSecret(dir);
    const stack = await startStack({
      dir,
      projectDirectory: await projectOf(suite, to, dir),
      port: ports.api,
      dbPort: ports.db,
      log,
    });
    const place: Place = { folder: to, stack, report: path.join(dir, "report.json") };
    try {
      const stdout = await runCommand(suite.command(place), place, log);
      return await suite.results(place, stdout);
    } finally {
      await stack.stop();
    }
  } finally {
    await rm(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A throw-away stack on this machine, whose keys are those that the suite has in its files. */
async function useWellKnownSecret(dir: string): Promise<void> {
  const keys = await loadKeys(dir);
  const file = path.join(dir, "keys.json");
  await writeFile(file, JSON.stringify({ ...keys, jwtSecret: wellKnownSecret }));
}

/** A suite without a project of its own gets an empty one, with the grants of its time. */
async function projectOf(suite: Suite, to: string, dir: string): Promise<string> {
  if (suite.project !== null) return path.join(to, suite.project);
  const project = path.join(dir, "project");
  const migrations = path.join(project, "supabase", "migrations");
  await mkdir(migrations, { recursive: true });
  await writeFile(path.join(migrations, "20200101000000_grants.sql"), oldGrants);
  return project;
}

async function runCommand(
  [name = "", ...args]: string[],
  { folder, stack }: Place,
  log: (line: string) => void,
): Promise<string> {
  const local = path.join(folder, "node_modules", ".bin", name);
  const program = existsSync(local) ? local : name;
  const child = spawn(program, args, {
    cwd: folder,
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      ...process.env,
      NODE_ENV: "test",
      SUPABASE_URL: stack.apiUrl,
      SUPABASE_DB_URL: stack.dbUrl,
      SUPABASE_ADMIN_DB_URL: stack.adminDbUrl,
      SUPABASE_PUBLISHABLE_KEY: stack.publishableKey,
      SUPABASE_SECRET_KEY: stack.secretKey,
      SUPABASE_JWT_SECRET: stack.jwtSecret,
    },
  });
  const stop = () => child.kill();
  process.once("exit", stop);
  child.stderr.on("data", (chunk) => log(String(chunk).trimEnd()));
  const [stdout] = await Promise.all([text(child.stdout), once(child, "close")]);
  process.off("exit", stop);
  return stdout;
}
