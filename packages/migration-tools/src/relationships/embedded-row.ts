type Json = Record<string, unknown>;

/** A row and the rows embedded in it, however many there may be at most. */
export interface EmbeddedRow {
  row: Json;
  embedded: Json[];
}

/** What a layer answered: rows, or the code it refused with. */
export type Answer = { rows: EmbeddedRow[] } | { refusal: string };

/**
 * Takes answers of the Data API apart.
 * @param name under which the rows are embedded
 * @throws where the embedding is a list and should be an object or null, or the other way round
 */
export function takeApart(answers: readonly Json[], name: string, toOne: boolean): EmbeddedRow[] {
  return answers.map((answer) => {
    const { [name]: embedded, ...row } = answer;
    if (Array.isArray(embedded) === toOne) {
      throw new Error(`${name} is ${toOne ? "a list" : "no list"}`);
    }
    if (embedded === undefined) throw new Error(`${name} is missing`);
    if (embedded === null) return { row, embedded: [] };
    return { row, embedded: Array.isArray(embedded) ? embedded : [embedded] };
  });
}

/** A text that is the same for the same rows, in whatever order they and their columns come. */
export function canonical(answer: Answer): string {
  if ("refusal" in answer) return `refused with ${answer.refusal}`;
  return JSON.stringify(
    answer.rows
      .map(({ row, embedded }) => JSON.stringify([rowText(row), embedded.map(rowText).sort()]))
      .sort(),
  );
}

/** A row's text, the same in whatever order its columns come. */
export function rowText(row: Json): string {
  return JSON.stringify(row, (_key, value: unknown) =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
      : value,
  );
}
