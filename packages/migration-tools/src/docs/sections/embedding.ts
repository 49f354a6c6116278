import { clientLine, restLine, shortestSelect } from "../../relationships/patterns.ts";
import { isToOne, type Relationship } from "../../relationships/relationship.ts";
import type { Catalogue } from "../catalogue.ts";
import { code } from "../markdown.ts";
import { unreachableKeys } from "./relationships.ts";

/** How the Data API brings rows together, with examples from the database itself. */
export function embedding(catalogue: Catalogue, exercise: string): string {
  const { reachable, unreachable } = catalogue.relationships;
  const list = reachable.find((one) => !isToOne(one)) ?? reachable[0];
  if (list === undefined) return "## Embedding\n\nNo foreign key joins two tables here.";
  return [
    "## Embedding",
    `A foreign key lets one request bring rows together with those they refer to, in both directions: ${code(`select=*,${list.target}(*)`)}. Each table below lists what can be embedded in its rows, with the ${code("select")} to copy into the client, ${code(clientLine(list, shortestSelect(list)))}, or into a request, ${code(restLine(list, shortestSelect(list)))}; schemas other than public are named by ${code('client.schema("…")')} or the header ${code("Accept-Profile")}. ${code(exercise)} asks for every one of them as SQL join, as Data API request with and without hint, through the typed client and as an owner beside a stranger's rows, and compares the rows.`,
    `A hint after ${code("!")} names the foreign key: ${code(`${list.target}!${list.hint}(*)`)}. It is needed where two foreign keys join the same tables; without it such a request fails with ${code("PGRST201")}. ${ambiguity(reachable)}`,
    filtering(catalogue),
    ...(unreachable.length === 0
      ? []
      : ["These foreign keys cannot be embedded by:", unreachableKeys(catalogue)]),
  ].join("\n\n");
}

function ambiguity(reachable: readonly Relationship[]): string {
  const ambiguous = reachable.filter(({ needsHint }) => needsHint);
  if (ambiguous.length === 0) {
    return "No two tables here are joined twice, so the short form always works; write the hint where a second foreign key may come.";
  }
  const pairs = ambiguous.map(({ table: from, target }) => code(`${from} → ${target}`));
  return `That is so for ${[...new Set(pairs)].join(", ")}.`;
}

function filtering({ relationships }: Catalogue): string {
  const one = relationships.reachable.find((relationship) => isToOne(relationship));
  if (one === undefined) return "";
  const inner = shortestSelect(one).replace(/(!\w+)?\(\*\)/, "$1!inner(*)");
  const column = `${one.target}.${one.joins[0]?.on.to[0]}`;
  const example = `${clientLine(one, inner)}.eq("${column}", value)`;
  return `Add ${code("!inner")} to leave out rows without a match, and filter by the embedded table's columns: ${code(example)}.`;
}
