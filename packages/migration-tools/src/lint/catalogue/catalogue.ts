import type { SourceFile, Sql, Statement } from "../source/source-file.ts";

export type Kind =
  | "schema"
  | "type"
  | "table"
  | "view"
  | "sequence"
  | "column"
  | "constraint"
  | "foreign key"
  | "index"
  | "function"
  | "trigger"
  | "policy"
  | "publication"
  // What is said of the others: `name` is `kind name`, such as `table public.t`.
  | "comment"
  | "row security"
  | "revoke"
  | "grant";

/** One thing that a statement made, and how long it is there. */
export interface Entry {
  kind: Kind;
  /** Unique in its kind: `public.t`, `public.t.c`, `pipeline.f(int8)`, `my policy on public.t`. */
  name: string;
  /** The table it belongs to; for a function its name without types; for the rest its own name. */
  owner: string;
  /** Of an index or key its columns, of a revoke or grant the roles; null for an expression. */
  columns: (string | null)[];
  /** A unique index, a primary key, or the constraint behind one. */
  unique: boolean;
  /** Fingerprint of a partial index's condition; empty for a full one. */
  condition: string;
  /** Of a foreign key: the table it points to. */
  target: string;
  statement: Statement;
  /** Character in the statement's file. */
  offset: number;
  /** The moment it came, and the one it went. */
  from: number;
  until: number;
}

/**
 * All that a series of statements makes, with its time: moment n is the n-th statement. What a
 * statement sees is what came before it.
 */
export class Catalogue {
  readonly #entries = new Map<Kind, Entry[]>();
  readonly #moments = new Map<Statement, number>();
  readonly #ends = new Map<SourceFile, number>();
  /** False from the first file on that could not be parsed: things may exist that are not known. */
  isComplete = true;

  constructor(files: SourceFile[]) {
    let moment = 0;
    for (const file of files) {
      for (const statement of file.statements) this.#moments.set(statement, ++moment);
      this.#ends.set(file, moment);
      if (file.failures.some(({ inBody }) => !inBody)) this.isComplete = false;
    }
  }

  momentOf(statement: Statement): number {
    return this.#moments.get(statement) ?? Number.POSITIVE_INFINITY;
  }

  /** After the last statement of a file; without one, after the last of all. */
  endOf(file?: SourceFile): number {
    return (file && this.#ends.get(file)) ?? Math.max(0, ...this.#ends.values());
  }

  add(entry: Pick<Entry, "kind" | "name" | "statement"> & Partial<Entry>): void {
    const from = this.momentOf(entry.statement);
    const list = this.#entries.get(entry.kind) ?? [];
    this.#entries.set(entry.kind, list);
    list.push({
      owner: entry.name,
      columns: [],
      unique: false,
      condition: "",
      target: "",
      offset: entry.statement.start,
      from,
      until: Number.POSITIVE_INFINITY,
      ...entry,
    });
  }

  /** Ends all entries that fit. */
  end(statement: Statement, kinds: Kind[], fits: (entry: Entry) => boolean): void {
    const moment = this.momentOf(statement);
    for (const entry of this.all(kinds)) {
      if (entry.until > moment && fits(entry)) entry.until = moment;
    }
  }

  all(kinds: Kind[]): Entry[] {
    return kinds.flatMap((kind) => this.#entries.get(kind) ?? []);
  }

  /** Made by a file and not taken away again by it. */
  madeIn(file: SourceFile, kinds: Kind[]): Entry[] {
    const end = this.endOf(file);
    return this.after(end, kinds).filter(({ statement }) => statement.file === file);
  }

  /** There after this moment's statement. */
  after(moment: number, kinds: Kind[]): Entry[] {
    return this.all(kinds).filter((entry) => entry.from <= moment && entry.until > moment);
  }

  /** There when this moment's statement begins. */
  before(moment: number, kinds: Kind[]): Entry[] {
    return this.all(kinds).filter((entry) => entry.from < moment && entry.until >= moment);
  }
}

/** A statement and the SQL in its body. */
export function sqlOf(statement: Statement): Sql[] {
  return [statement, ...(statement.body?.queries ?? [])];
}
