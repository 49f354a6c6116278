import { expect, inject, onTestFinished, test } from "vitest";
import { openTestGateway } from "../test-gateway.ts";
import { relationsQuery } from "./catalog-queries.ts";

test("the schema can be read while somebody drops what is in it", async () => {
  const stack = await openTestGateway(inject("stack"));
  onTestFinished(() => stack.stop());
  await stack.migrate("create table public.brief (id int generated always as identity)");

  const document = await stack.sql.begin(async (tx) => {
    // A snapshot from before the table went, as a slow reader's is.
    await tx.run("set transaction isolation level repeatable read");
    await tx.run("select from pg_class limit 1");
    await stack.migrate("drop table public.brief");
    const { rows } = await tx.run<{ document: string }>(relationsQuery);
    return rows[0]?.document;
  });

  expect(document).toContain('"name" : "brief"');
});
