import { postgresChangesFilter } from "@supabase/supabase-js";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { follow, openTestRealtime } from "./test-realtime.ts";

const place = openTestRealtime(inject("stack"));
let table = "";

beforeAll(async () => {
  table = await place.table(
    "t text, n int, amount numeric, at timestamptz, ok boolean, code varchar(9), kind uuid",
  );
});
afterAll(() => place[Symbol.asyncDispose]());

const kind = "8b7df143-d91c-4b2a-9a1e-0f2f2f2f2f2f";
const rows = [
  { id: 1, t: "apple", n: 1, amount: "1.50", at: "2026-01-01T00:00:00Z", ok: true, code: "A-1" },
  { id: 2, t: "Banana", n: 2, amount: "20", at: "2026-06-01T00:00:00Z", ok: false, code: "B-2" },
  { id: 3, t: "a,b (c)", n: 10, amount: "3", at: "2026-12-01T00:00:00Z", ok: null, code: "C-3" },
  { id: 4, t: null, n: null, amount: null, at: null, ok: null, code: null, kind },
  { id: 5, t: '5" (a,b)=c', n: null, amount: null, at: null, ok: null, code: null },
];
const filter = postgresChangesFilter;

/** Which of the rows a filter lets through. */
const cases: [string, number[]][] = [
  ["", [1, 2, 3, 4, 5]],
  ["n=eq.2", [2]],
  ["n=not.eq.2", [1, 3]],
  ["n=neq.2", [1, 3]],
  ["n=lt.10", [1, 2]],
  ["n=lte.10", [1, 2, 3]],
  ["n=gt.2", [3]],
  ["n=gte.2", [2, 3]],
  ["n=not.gte.2", [1]],
  ["n=in.(1,10)", [1, 3]],
  ["n=not.in.(1,10)", [2]],
  // By value, not by spelling.
  ["amount=eq.1.5", [1]],
  ["amount=gt.3", [2]],
  ["at=gt.2026-06-01T02:00:00+02:00", [3]],
  ["at=gte.2026-06-01T02:00:00+02:00", [2, 3]],
  ["ok=eq.true", [1]],
  ["ok=is.true", [1]],
  ["ok=is.false", [2]],
  ["ok=is.unknown", [3, 4, 5]],
  ["ok=not.is.true", [2, 3, 4, 5]],
  ["t=is.null", [4]],
  ["t=not.is.null", [1, 2, 3, 5]],
  ["t=like.a%", [1, 3]],
  ["t=not.like.a%", [2, 5]],
  ["t=ilike.%AN%", [2]],
  ["code=like.B%", [2]],
  ["t=match.^a.*e$", [1]],
  ["t=imatch.^B", [2]],
  ["t=not.imatch.^[ab]", [5]],
  ["t=isdistinct.apple", [2, 3, 4, 5]],
  ["t=not.isdistinct.apple", [1]],
  ['t=eq."a,b (c)"', [3]],
  ['t=in.("a,b (c)",apple)', [1, 3]],
  ['t=eq.5" (a,b)=c', [5]],
  ["t=eq.", []],
  [" n=gt.1 , n=lt.10 ", [2]],
  ["n=gt.1,n=lt.10", [2]],
  [`kind=eq.${kind.toUpperCase()}`, [4]],
  [filter().eq("t", "a,b (c)").build(), [3]],
  [filter().in("t", ["a,b (c)", "Banana"]).build(), [2, 3]],
  [filter().not("t", "is", null).not("n", "in", [1]).build(), [2, 3]],
];

test("each operator and its negation lets through what it does in SQL", async () => {
  const client = place.service();
  const listeners = await Promise.all(
    cases.map(([text]) => follow(client, { table, filter: text }, { table, event: "UPDATE" })),
  );

  await place.sql`insert into ${place.sql(table)} ${place.sql(rows.map((row) => ({ kind: null, ...row })))}`;
  await place.sql`update ${place.sql(table)} set t = 'end'`;

  const seen = await Promise.all(
    listeners.map(async ({ changes }) => {
      await changes.until(({ eventType }) => eventType === "UPDATE");
      return changes.all.flatMap(({ eventType, new: row }) =>
        eventType === "INSERT" ? [row.id] : [],
      );
    }),
  );
  expect(Object.fromEntries(cases.map(([text], index) => [text, seen[index]]))).toEqual(
    Object.fromEntries(cases),
  );
});
