/**
 * Many-to-many embedding goes through a join table, which is one only where its primary key has the
 * columns of both foreign keys. The library takes any table with two foreign keys for one, so that
 * a query would work here and fail on a hosted project.
 */
import type { AnyAST, IntrospectResult } from "@supabase/lite";
import { type Key, keysOf } from "./composite-keys.ts";
import { errorResponse } from "./errors.ts";

type SelectEntry = NonNullable<AnyAST["select"]>[number];
type Joins = NonNullable<AnyAST["join"]>;

/**
 * PostgREST's refusal of the first embedding that has no relationship; null where all have. Names
 * the join table in the request, in place, where it is the only one.
 */
export function refusalOfJoinTables(
  request: AnyAST,
  introspection: IntrospectResult,
): Response | null {
  const schema = request.schema ?? introspection.default_schema ?? "public";
  if (request.from === undefined) return null;
  const keys = keysOf(introspection, schema);
  const primaryKeyOf = (table: string): string[] =>
    introspection.primary_keys.find((key) => key.schema === schema && key.table === table)
      ?.columns ?? [];
  request.join ??= {};
  const pair = firstUnrelated(request.select ?? [], request.from, request.join);
  if (pair === null) return null;
  const names = `between '${pair.parent}' and '${pair.target}'`;
  return errorResponse(400, {
    code: "PGRST200",
    message: `Could not find a relationship ${names} in the schema cache`,
    details: `Searched for a foreign key relationship ${names} in the schema '${schema}', but no matches were found.`,
    hint: null,
  });

  function firstUnrelated(
    entries: SelectEntry[],
    parent: string,
    joins: Joins,
  ): { parent: string; target: string } | null {
    for (const entry of entries) {
      if (typeof entry === "string") continue;
      for (const [name, part] of Object.entries(entry)) {
        if (!("select" in part)) continue;
        const target = joins[name]?.from ?? name;
        const { joinTables, others } = between(parent, target);
        const [only, ...more] = joinTables;
        if (only === undefined && others) return { parent, target };
        // Beside others the library would call the one join table ambiguous.
        if (only !== undefined && more.length === 0 && others) {
          joins[name] = { hint: only, ...joins[name] };
        }
        const inner = firstUnrelated(part.select ?? [], target, part.join ?? joins);
        if (inner !== null) return inner;
      }
    }
    return null;
  }

  /** Tables with a foreign key to both, where none leads from one to the other. */
  function between(parent: string, target: string): { joinTables: string[]; others: boolean } {
    const isDirect = (key: Key) =>
      (key.table === parent && key.target === target) ||
      (key.table === target && key.target === parent);
    if (keys.some(isDirect)) return { joinTables: [], others: false };
    const pairs = keys
      .filter((key) => key.target === parent)
      .flatMap((there) =>
        keys
          .filter((key) => key.target === target && key.table === there.table && key !== there)
          .map((back) => ({ table: there.table, columns: [...there.columns, ...back.columns] })),
      );
    const joinTables = pairs
      .filter(({ table, columns }) =>
        columns.every((column) => primaryKeyOf(table).includes(column)),
      )
      .map(({ table }) => table);
    return { joinTables, others: pairs.length > joinTables.length };
  }
}
