import { Part } from "../sql/statement.ts";

/** A schema's object by its two names. */
export interface QualifiedName {
  schema: string;
  name: string;
}

/** Text that is SQL already: written here, or by Postgres itself (types, defaults). */
export function raw(text: string): Part {
  return new Part([text], []);
}

export function quoted(identifier: string): string {
  return `"${identifier.replaceAll('"', '""')}"`;
}

export function name(identifier: string): Part {
  return raw(quoted(identifier));
}

export function qualified({ schema, name: own }: QualifiedName): Part {
  return raw(`${quoted(schema)}.${quoted(own)}`);
}

export function columnOf(alias: string, column: string): Part {
  return raw(`${quoted(alias)}.${column === "*" ? "*" : quoted(column)}`);
}

export function literal(text: string): Part {
  return raw(`'${text.replaceAll("'", "''")}'`);
}

export function list(parts: readonly Part[], separator = ", "): Part {
  const between = parts.map((_, index) => (index === 0 ? "" : separator));
  return new Part([...between, ""], parts);
}
