import type pg from "pg";
import { type Answer, canonical, rowText } from "./embedded-row.ts";
import { byClient } from "./layers/client.ts";
import { type ApiAccess, byDataApi } from "./layers/data-api.ts";
import { bySqlJoin } from "./layers/sql-join.ts";
import { selectOf } from "./patterns.ts";
import type { Relationship } from "./relationship.ts";

/** What one way of asking came to, beside the SQL join. */
export interface Layer {
  name: string;
  /** A sentence; null where the layer gave the rows of the SQL join. */
  problem: string | null;
}

export interface Exercise {
  relationship: Relationship;
  /** Pairs of a row and one embedded in it, as the SQL join has them. */
  rows: number;
  layers: Layer[];
}

/** Everything the layers are reached through. */
export interface Exercised {
  /** As role `postgres`. */
  sql: pg.Client;
  /** With the secret key. */
  service: ApiAccess;
  /** Signed in; has the sample rows. */
  owner: ApiAccess & { userId: string };
  /** Texts of rows (see `rowText`) that are another user's. */
  strangersRows: ReadonlySet<string>;
}

/** Asks for a relationship's rows at every layer, as service role and as an owner under RLS. */
export async function exercise(relationship: Relationship, by: Exercised): Promise<Exercise> {
  const expected = await bySqlJoin(by.sql, relationship);
  const rows = pairs(expected);
  const layers: Layer[] = [
    {
      name: "SQL join",
      problem: rows > 0 ? null : "no rows: the sample rows prove nothing here",
    },
  ];
  const compare = async (name: string, wanted: Answer, ask: () => Promise<Answer>) => {
    layers.push({ name, problem: await differenceOf(wanted, ask) });
  };
  const plain = selectOf(relationship, false);
  const hinted = selectOf(relationship, true);

  const unhinted: Answer = relationship.needsHint ? { refusal: "PGRST201" } : expected;
  await compare("Data API", unhinted, () => byDataApi(by.service, relationship, plain));
  await compare("Data API, hint", expected, () => byDataApi(by.service, relationship, hinted));
  await compare("client", unhinted, () => byClient(by.service, relationship, plain));
  await compare("client, hint", expected, () => byClient(by.service, relationship, hinted));
  const owned = await bySqlJoin(by.sql, relationship, by.owner.userId);
  await compare("owner", owned, async () => {
    const answer = await byDataApi(by.owner, relationship, hinted);
    refuseStrangers(answer, by.strangersRows);
    return answer;
  });
  return { relationship, rows, layers };
}

async function differenceOf(wanted: Answer, ask: () => Promise<Answer>): Promise<string | null> {
  try {
    const answer = await ask();
    if (canonical(answer) === canonical(wanted)) return null;
    return `${described(answer)} instead of ${described(wanted)}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Policies are asked above by comparing with SQL under the same ones; this trusts none. */
function refuseStrangers(answer: Answer, strangersRows: ReadonlySet<string>): void {
  if ("refusal" in answer) return;
  const seen = answer.rows.flatMap(({ row, embedded }) => [row, ...embedded]);
  const strangers = seen.filter((row) => strangersRows.has(rowText(row)));
  if (strangers.length > 0) throw new Error(`${strangers.length} rows of a stranger are shown`);
}

function pairs(answer: Answer): number {
  if ("refusal" in answer) return 0;
  return answer.rows.reduce((count, { embedded }) => count + embedded.length, 0);
}

function described(answer: Answer): string {
  if ("refusal" in answer) return answer.refusal;
  return `${answer.rows.length} rows with ${pairs(answer)} embedded`;
}
