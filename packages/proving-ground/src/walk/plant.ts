/**
 * Bugs to plant, each a replacement in one function's text as the database has it. They stay in
 * step with the SQL: a replacement that no longer fits fails its test.
 */
import postgres from "postgres";

export interface Mutant {
  /** What the mutated function does wrong. */
  fault: string;
  /** By a name that only one function has. */
  function: string;
  from: string;
  to: string;
  /** The exhaustive walk that should notice. */
  scope: string;
}

/** @throws where the text to replace does not stand in the function */
export async function plant(adminUrl: string, { function: name, from, to }: Mutant): Promise<void> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  try {
    const [row] = await sql<{ definition: string }[]>`
      select pg_get_functiondef(${name}::regproc) as definition`;
    const pieces = row?.definition.split(from) ?? [];
    if (pieces.length < 2) throw new Error(`"${from}" no longer stands in ${name}`);
    await sql.unsafe(pieces.join(to));
  } finally {
    await sql.end();
  }
}
