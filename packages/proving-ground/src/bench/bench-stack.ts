import { SignJWT } from "jose";
import postgres from "postgres";
import { startStackProcess } from "./start-stack-process.ts";

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

export async function startBenchStack(): Promise<BenchStack> {
  const stack = await startStackProcess(null);
  const { apiUrl, dbUrl, publishableKey, jwtSecret } = stack;
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
      await stack.stop();
    },
  };
}
