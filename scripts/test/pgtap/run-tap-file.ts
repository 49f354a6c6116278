import { readFile } from "node:fs/promises";
import postgres from "postgres";
import { parseTap, type TapResult } from "./parse-tap.ts";

export interface TapRun extends TapResult {
  /** The error that ended the file early, with the line it stands in; null where it ran through. */
  error: string | null;
}

/**
 * Runs one pgTAP file in a connection of its own, as `supabase test db` does: as role postgres,
 * the file brings its own transaction.
 */
export async function runTapFile(databaseUrl: string, file: string): Promise<TapRun> {
  const text = await readFile(file, "utf8");
  const sql = postgres(databaseUrl, {
    max: 1,
    onnotice: () => {},
    connection: { statement_timeout: 60_000 },
  });
  try {
    const results: unknown = await sql.unsafe(text).simple();
    return { ...parseTap(linesOf(results)), error: null };
  } catch (error) {
    return { ...parseTap([]), error: describeError(text, error) };
  } finally {
    await sql.end();
  }
}

/** Every text cell of every result: pgTAP's functions return their lines as rows. */
function linesOf(results: unknown): string[] {
  if (typeof results === "string") return results.split("\n");
  if (Array.isArray(results)) return results.flatMap(linesOf);
  if (typeof results === "object" && results !== null) {
    return Object.values(results).flatMap((cell) =>
      typeof cell === "string" ? linesOf(cell) : [],
    );
  }
  return [];
}

function describeError(text: string, error: unknown): string {
  if (!(error instanceof postgres.PostgresError)) return String(error);
  const before = text.slice(0, Number(error.position ?? 0));
  const line = error.position ? `line ${before.split("\n").length}: ` : "";
  const more = [error.detail, error.hint, error.where].filter(Boolean).join("\n");
  return `${line}${error.message} (SQLSTATE ${error.code})${more ? `\n${more}` : ""}`;
}
