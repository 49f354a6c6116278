import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { projectDirectory } from "@sideline/local-stack";
import { SignJWT } from "jose";
import postgres from "postgres";

export interface BenchStack {
  apiUrl: string;
  dbUrl: string;
  publishableKey: string;
  /** Of a signed-in user. */
  accessToken: string;
  /** A published table with row level security and one row, `id` 1. */
  createTable(): Promise<string>;
  dropTable(name: string): Promise<void>;
  stop(): Promise<void>;
}

/** A stack in a process and a folder of its own, so that it shares nothing with what measures it. */
export async function startBenchStack(say: (line: string) => void): Promise<BenchStack> {
  const directory = await mkdtemp(path.join(tmpdir(), "sideline-bench-"));
  say("Starting a stack…");
  const cli = path.join(projectDirectory, "packages/local-stack/src/cli.ts");
  const child = spawn(
    process.execPath,
    [cli, "--port", "0", "--db-port", "0", "--dir", directory, "--json"],
    { stdio: ["ignore", "pipe", "ignore"] },
  );
  const ended = once(child, "exit");
  const [line] = await Promise.race([once(createInterface(child.stdout), "line"), ended]);
  if (typeof line !== "string") throw new Error("The stack did not start.");
  const { apiUrl, dbUrl, publishableKey, jwtSecret } = JSON.parse(line);
  const sql = postgres(dbUrl, { max: 1, onnotice: () => {} });
  let tables = 0;
  return {
    apiUrl,
    dbUrl,
    publishableKey,
    accessToken: await new SignJWT({ role: "authenticated", sub: crypto.randomUUID() })
      .setProtectedHeader({ alg: "HS256", typ: "JWT" })
      .setExpirationTime("2h")
      .sign(new TextEncoder().encode(jwtSecret)),
    async createTable() {
      const name = `bench_${++tables}`;
      await sql.unsafe(`
        create table public.${name} (id int primary key, n int, note text default repeat('x', 200));
        insert into public.${name} values (1, 0);
        alter table public.${name} enable row level security;
        create policy "everyone reads" on public.${name} for select to authenticated
          using ((select auth.uid()) is not null);
        grant select on public.${name} to authenticated;
        alter publication supabase_realtime add table public.${name};`);
      return name;
    },
    async dropTable(name) {
      await sql.unsafe(`drop table public.${name}`);
    },
    async stop() {
      await sql.end();
      child.kill("SIGINT");
      await ended;
      await rm(directory, { recursive: true, force: true, maxRetries: 5 });
    },
  };
}
