import { type Answer, takeApart } from "../embedded-row.ts";
import { isToOne, type Relationship } from "../relationship.ts";
import type { ApiAccess } from "./data-api.ts";

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

/** The same, whatever the rows are. */
export interface Queries<Client> {
  plain?: RunQuery<Client>;
  hinted: RunQuery<Client>;
}

type RunQuery<Client> = (client: Client) => PromiseLike<{
  data: Record<string, unknown>[] | null;
  error: Failed | null;
}>;

/** The same with the client to run on: one for each access. */
export type BoundQueries = Queries<ApiAccess>;

/** @param open makes the client with the project's types */
export function bindQueries<Client>(
  queries: Readonly<Record<string, Queries<Client>>>,
  open: (access: ApiAccess) => Client,
): Readonly<Record<string, BoundQueries>> {
  return Object.fromEntries(
    Object.entries(queries).map(([id, { plain, hinted }]) => [
      id,
      {
        ...(plain === undefined ? {} : { plain: (access: ApiAccess) => plain(open(access)) }),
        hinted: (access: ApiAccess) => hinted(open(access)),
      },
    ]),
  );
}

/** The embedding through supabase-js with the project's types. */
export async function byTypedClient(
  access: ApiAccess,
  relationship: Relationship,
  query: RunQuery<ApiAccess>,
): Promise<Answer> {
  const { data, error } = await query(access);
  if (error !== null) return { refusal: error.code };
  return { rows: takeApart(data ?? [], relationship.target, isToOne(relationship)) };
}
