import pg from "pg";

const quoted = pg.escapeIdentifier;

/** A piece of SQL with its values apart: what `part`, `identifier` and the like make, to be put together. */
export class Part {
  readonly strings: readonly string[];
  readonly values: readonly unknown[];

  constructor(strings: readonly string[], values: readonly unknown[]) {
    this.strings = strings;
    this.values = values;
  }
}

/** A piece of a statement, to be used inside of another: its values become parameters there. */
export function part(strings: TemplateStringsArray, ...values: unknown[]): Part {
  return new Part(strings, values);
}

/** Text that is SQL already: written here, or by Postgres itself (types, defaults). */
export function raw(text: string): Part {
  return new Part([text], []);
}

/** An identifier that is known only when the program runs; `pipeline.claim` is one of a schema. */
export function identifier(word: string): Part {
  return raw(word.split(".").map(quoted).join("."));
}

export function name(word: string): Part {
  return raw(quoted(word));
}

/** A schema's object by its two names. */
export interface QualifiedName {
  schema: string;
  name: string;
}

export function qualified({ schema, name: own }: QualifiedName): Part {
  return raw(`${quoted(schema)}.${quoted(own)}`);
}

export function columnOf(alias: string, column: string): Part {
  return raw(`${quoted(alias)}.${column === "*" ? "*" : quoted(column)}`);
}

export function literal(text: string): Part {
  return raw(pg.escapeLiteral(text));
}

export function list(parts: readonly Part[], separator = ", "): Part {
  const between = parts.map((_, index) => (index === 0 ? "" : separator));
  return new Part([...between, ""], parts);
}

/** `a = 1, b = 2`, for `update … set`. Keys are column names. */
export function assignments(row: Record<string, unknown>): Part {
  return list(Object.entries(row).map(([column, value]) => part`${name(column)} = ${value}`));
}

/** `(a, b) values (1, 2)`, for `insert into …`. Keys are column names. */
export function insertion(row: Record<string, unknown>): Part {
  const values = list(Object.values(row).map((value) => part`${value}`));
  return part`(${list(Object.keys(row).map(name))}) values (${values})`;
}

/** The statement as the driver takes it: `$1`, `$2` … where values stood. */
export function written(statement: Part): { text: string; values: unknown[] } {
  const values: unknown[] = [];
  const write = ({ strings, values: given }: Part): string =>
    strings
      .map((text, index) => {
        if (index >= given.length) return text;
        const value = given[index];
        if (value instanceof Part) return text + write(value);
        return `${text}$${values.push(value)}`;
      })
      .join("");
  return { text: write(statement), values };
}
