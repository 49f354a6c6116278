import pg from "pg";
import type { Answer, EmbeddedRow } from "../embedded-row.ts";
import type { Relationship } from "../relationship.ts";

const quoted = pg.escapeIdentifier;

/** The relationship as a join that names its columns; rows come as Postgres' own JSON. */
function joinStatement({ schema, table, joins }: Relationship): string {
  const lines = joins.map(({ table: joined, on }, index) => {
    const conditions = on.from.map(
      (column, place) =>
        `t${index}.${quoted(column)} = t${index + 1}.${quoted(on.to[place] ?? "")}`,
    );
    return `left join ${quoted(schema)}.${quoted(joined)} as t${index + 1} on ${conditions.join(" and ")}`;
  });
  const last = `t${joins.length}`;
  return `
    select to_jsonb(t0) as "row",
      coalesce(jsonb_agg(to_jsonb(${last})) filter (where ${last} is distinct from null), '[]')
        as "embedded"
    from ${quoted(schema)}.${quoted(table)} as t0
    ${lines.join("\n    ")}
    group by t0.*`;
}

/**
 * What SQL says, as the role that the connection has or as a user under RLS.
 * @param userId a user's; left out, nobody's policies apply
 */
export async function bySqlJoin(
  client: pg.Client,
  relationship: Relationship,
  userId?: string,
): Promise<Answer> {
  await client.query("begin read only");
  try {
    if (userId !== undefined) {
      const claims = JSON.stringify({ sub: userId, role: "authenticated" });
      await client.query("select set_config('request.jwt.claims', $1, true)", [claims]);
      await client.query("set local role authenticated");
    }
    const { rows } = await client.query<EmbeddedRow>(joinStatement(relationship));
    return { rows };
  } catch (error) {
    if (error instanceof pg.DatabaseError) return { refusal: error.code ?? error.message };
    throw error;
  } finally {
    await client.query("rollback");
  }
}
