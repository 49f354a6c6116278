/** `[api]` of config.toml, as a client meets it. */
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { defaultSettings } from "../config/settings.ts";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";

let stack: TestGateway;

beforeAll(async () => {
  const api = { schemas: ["shop", "public"], max_rows: 3 };
  stack = await openTestGateway(inject("stack"), { settings: { ...defaultSettings, api } });
  await stack.migrate(`
    create schema shop;
    create schema attic;
    create table shop.goods (id int primary key);
    create table attic.goods (id int primary key);
    insert into shop.goods select generate_series(1, 5);
    grant usage on schema shop, attic to service_role;
    grant all on all tables in schema shop, attic to service_role;
    create function shop.numbers() returns setof int language sql return generate_series(1, 5);
  `);
});
afterAll(() => stack.stop());

test("the first schema is the one that is meant, and no other than these is there", async () => {
  const named = await stack.service().schema("shop").from("goods").select();
  const answer = await fetch(`${stack.url}/rest/v1/goods?id=eq.1`, {
    headers: { apikey: stack.keys.secretKey },
  });
  const other = await stack.service().schema("attic").from("goods").select();

  expect(named.error).toBeNull();
  expect(await answer.json()).toEqual([{ id: 1 }]);
  expect([other.status, other.error?.code]).toEqual([406, "PGRST106"]);
});

test("no answer has more than max_rows, though the count knows them all", async () => {
  const shop = stack.service().schema("shop");
  const rows = await shop.from("goods").select("id", { count: "exact" }).order("id").limit(4);
  const called = await shop.rpc("numbers");
  const some = await shop.rpc("numbers", {}, { count: "exact" }).range(3, 4);

  expect([rows.data, rows.count]).toEqual([[{ id: 1 }, { id: 2 }, { id: 3 }], 5]);
  expect(called.data).toEqual([1, 2, 3]);
  expect([some.data, some.count]).toEqual([[4, 5], 5]);
});
