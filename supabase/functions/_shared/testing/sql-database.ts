import { createDatabaseClient, type DatabaseClient } from "@sideline/database";
import type pg from "pg";

/**
 * Tests only: the functions' client on a database without a gateway. It answers what workers ask:
 * calls of functions in schema `pipeline`, as PostgREST answers them.
 */
export function sqlDatabase(client: pg.Client): DatabaseClient {
  const call = async (name: string, args: Record<string, unknown>): Promise<unknown> => {
    const { rows: parameters } = await client.query<{ name: string; type: string; set: boolean }>(
      `select a.name, format_type(a.type, null) as type, p.proretset as set
       from pg_proc as p,
         unnest(p.proargnames[1:p.pronargs], p.proargtypes::oid[]) as a (name, type)
       where p.pronamespace = 'pipeline'::regnamespace and p.proname = $1`,
      [name],
    );
    const given = parameters.filter(({ name: parameter }) => parameter in args);
    const list = given.map(
      ({ name: parameter, type }, at) => `${parameter} => $${at + 1}::${type}`,
    );
    const values = given.map(({ name: parameter, type }) =>
      type === "jsonb" ? JSON.stringify(args[parameter]) : args[parameter],
    );
    const result = parameters[0]?.set ? "coalesce(jsonb_agg(to_jsonb(r)), '[]')" : "to_jsonb(r)";
    const { rows } = await client.query<{ result: unknown }>(
      `select ${result} as result from pipeline.${name}(${list.join(", ")}) as r`,
      values,
    );
    return rows[0]?.result ?? null;
  };

  return createDatabaseClient("http://database.test", {
    key: "none",
    async fetch(input, init) {
      const { pathname } = new URL(String(input));
      const name = /\/rpc\/(\w+)$/.exec(pathname)?.[1];
      if (name === undefined) return Response.json([]);
      try {
        return Response.json(await call(name, JSON.parse(String(init?.body ?? "{}"))));
      } catch (error) {
        const message = error instanceof Error ? error.message : String(error);
        const code = error instanceof Error && "code" in error ? error.code : "XX000";
        return Response.json({ message, code, details: null, hint: null }, { status: 400 });
      }
    },
  });
}
