import pg from "pg";
import { replaceSection } from "../bench/table.ts";

/**
 * What in the schema stands in the way of spreading rows over servers by `user_id`, as engines do it
 * that distribute by a column: keys and foreign keys would have to carry it, every table of users'
 * rows to have it, and triggers to do without the rows of a whole statement.
 */
const obstacles = `
with recursive tables as (
  select c.oid, n.nspname || '.' || c.relname as name, (
      select a.attnum from pg_attribute as a
      where a.attrelid = c.oid and a.attname = 'user_id' and not a.attisdropped
    ) as user_column
  from pg_class as c
  join pg_namespace as n on n.oid = c.relnamespace
  where n.nspname in ('public', 'pipeline') and c.relkind in ('r', 'p') and not c.relispartition
),
-- Those that have users' rows: by a column, or because they belong to such a row.
of_users as (
  select t.* from tables as t where t.user_column is not null
  union
  select t.* from of_users as u
  join pg_constraint as k on k.contype = 'f' and k.confrelid = u.oid
  join tables as t on t.oid = k.conrelid
)
select 'a table of users'' rows has no user_id' as obstacle, u.name as place
from of_users as u where u.user_column is null
union all
select 'a key does not begin or go on with user_id', u.name || ' (' || (
    select string_agg(a.attname, ', ' order by k.place)
    from unnest(i.indkey::int2[]) with ordinality as k (attnum, place)
    join pg_attribute as a on a.attrelid = u.oid and a.attnum = k.attnum
  ) || ')'
from of_users as u
join pg_index as i on i.indrelid = u.oid and i.indisunique
where u.user_column is not null and u.user_column <> all (i.indkey::int2[])
union all
select 'a foreign key does not carry user_id', u.name || ' → ' || p.name
from of_users as u
join pg_constraint as k on k.contype = 'f' and k.conrelid = u.oid
join of_users as p on p.oid = k.confrelid
where u.user_column is null or p.user_column is null or u.user_column <> all (k.conkey)
union all
select 'a trigger looks at the rows of a whole statement', u.name || ': ' || g.tgname
from of_users as u
join pg_trigger as g on g.tgrelid = u.oid
where g.tgoldtable is not null or g.tgnewtable is not null
order by 1, 2`;

export interface Obstacle {
  obstacle: string;
  place: string;
}

export async function readObstacles(dbUrl: string): Promise<Obstacle[]> {
  const db = new pg.Client(dbUrl);
  await db.connect();
  try {
    return (await db.query<Obstacle>(obstacles)).rows;
  } finally {
    await db.end();
  }
}

/** The document with the obstacles of this database between its marks. */
export function withObstacles(document: string, found: readonly Obstacle[]): string {
  const kinds = Map.groupBy(found, ({ obstacle }) => obstacle);
  const lines = [...kinds].map(
    ([obstacle, all]) =>
      `- **${obstacle}**, ${all.length}: ${all.map(({ place }) => `\`${place}\``).join(", ")}`,
  );
  const text = lines.length === 0 ? "None." : lines.join("\n");
  return replaceSection(document, "obstacles", text);
}
