/** What the compiler has to make of a typed query: checked by what `typed-queries.ts` writes. */

/** @template Types the generated types: `Database` */
type Tables<Types, S extends keyof Types> = Types[S] extends { Tables: infer All } ? All : never;
type Row<Types, S extends keyof Types, T extends keyof Tables<Types, S>> = Tables<
  Types,
  S
>[T] extends { Row: infer Columns }
  ? Columns
  : never;

interface Embedded<Target> {
  one: Target;
  /** An object that may be missing. */
  maybe: Target | null;
  many: Target[];
}

interface Failed {
  code: string;
}

type Ask<
  Types,
  Client,
  S extends keyof Types,
  T extends keyof Tables<Types, S>,
  Target extends keyof Tables<Types, S>,
  Kind,
> = (client: Client) => PromiseLike<{
  data: (Row<Types, S, T> & Record<Target, Kind>)[] | null;
  error: Failed | null;
}>;

/** Queries whose rows have the target's row, one or none, or a list of them under its name. */
export interface Embeds<
  Types,
  Client,
  S extends keyof Types,
  T extends keyof Tables<Types, S>,
  Target extends keyof Tables<Types, S>,
  Kind extends keyof Embedded<unknown>,
> {
  /** Missing where only a hint chooses the relationship. */
  plain?: Ask<Types, Client, S, T, Target, Embedded<Row<Types, S, Target>>[Kind]>;
  hinted: Ask<Types, Client, S, T, Target, Embedded<Row<Types, S, Target>>[Kind]>;
}
