import type { Target } from "../connection/target.ts";

/** How to be able to go back: migrations can be undone, what they took away cannot. */
export function backupHint({ kind, url }: Target, pending: string[]): string {
  const [first = ""] = pending;
  const file = `before-${first.split("_", 1)[0]}`;
  const where = new URL(url);
  where.password = "";
  const source = kind === "linked" ? "--linked" : `--db-url '${where.href}'`;
  return `
Back up first, if it holds data. One file with everything, by the tools of PostgreSQL 17:
  pg_dump --format=custom --file=${file}.dump '${where.href}'
or schema and data apart, by the Supabase CLI (which runs pg_dump in Docker):
  npx supabase db dump ${source} --file ${file}-schema.sql
  npx supabase db dump ${source} --file ${file}-data.sql --data-only --use-copy
With point-in-time recovery, note the time: ${new Date().toISOString()}
`;
}
