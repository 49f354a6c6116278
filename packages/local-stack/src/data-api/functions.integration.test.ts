import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { openTestGateway, type TestGateway } from "../test-gateway.ts";

let stack: TestGateway;

beforeAll(async () => {
  stack = await openTestGateway(inject("stack"));
  await stack.migrate(`
    create table public.people (name text primary key, age int, chief text references public.people);
    create table public.pets (
      id int primary key, name text not null, owner text references public.people
    );
    insert into public.people values ('ann', 40, null), ('bob', 30, 'ann'), ('cyd', 20, 'ann');
    insert into public.pets values (1, 'rex', 'ann'), (2, 'tom', 'ann'), (3, 'kit', 'bob');

    create function public.pets_of(person public.people) returns setof public.pets
      language sql stable as $$ select * from public.pets where owner = person.name $$;
    create function public.shout(public.people) returns text
      language sql stable as $$ select upper($1.name) $$;
    create function public.older_than(years int) returns setof public.people
      language sql stable as $$ select * from public.people where age > years $$;
    create function public.oldest() returns public.people
      language sql stable as $$ select * from public.people order by age desc limit 1 $$;
    create function public.measure(text) returns int language sql immutable as $$ select length($1) $$;
    create function public.keys(jsonb) returns setof text
      language sql immutable as $$ select jsonb_object_keys($1) $$;
    create function public.rejuvenate() returns setof public.people
      language sql as $$ update public.people set age = age - 1 where true returning * $$;
    create function public.either(a int) returns int language sql as $$ select 1 $$;
    create function public.either(a text) returns int language sql as $$ select 2 $$;
    create function public.total(variadic numbers int[]) returns int
      language sql immutable as $$ select sum(n)::int from unnest(numbers) as n $$;
    create function public.echo(item jsonb, words text[] default '{}', flag boolean default true)
      returns jsonb language sql immutable as $$
        select jsonb_build_object('item', item, 'words', words, 'flag', flag)
      $$;
    create function public.half(amount numeric) returns numeric
      language sql immutable as $$ select amount / 2 $$;
    create function public.moment() returns timestamptz language sql immutable as $$
      select '2026-11-20 15:50:33+00'::timestamptz
    $$;
    create function public.nothing() returns void language sql as $$ $$;
    create function public.words() returns setof text
      language sql immutable as $$ values ('a'), ('b') $$;
    create function public.take(batch_size int default null)
      returns table (id int, lease_expires_at timestamptz, coach jsonb, amount numeric)
      language sql as $$
        select g, public.moment(), '{"rate": 1.25}'::jsonb, 1.50
        from generate_series(1, coalesce(batch_size, 1)) g
      $$;
    create function public.finish(results jsonb) returns table (id bigint, outcome text)
      language sql as $$
        select (r ->> 'id')::bigint, r #>> '{notes,0}' from jsonb_array_elements(results) r
      $$;
    grant all on public.people, public.pets to service_role;
    grant execute on all functions in schema public to service_role;
  `);
});
afterAll(() => stack.stop());

describe("arguments", () => {
  test("have defaults, come in any order, and are lists and documents as they are", async () => {
    const service = stack.service();
    const results = [
      { id: 7, notes: ["done"] },
      { id: 8, notes: ["stale"] },
    ];
    const rows = (await service.rpc("take", { batch_size: 2 })).data;

    expect((await service.rpc("take")).data).toHaveLength(1);
    expect(rows).toHaveLength(2);
    expect(rows[1]).toEqual({
      id: 2,
      lease_expires_at: "2026-11-20T15:50:33+00:00",
      coach: { rate: 1.25 },
      amount: 1.5,
    });
    expect((await service.rpc("finish", { results })).data).toEqual([
      { id: 7, outcome: "done" },
      { id: 8, outcome: "stale" },
    ]);
    expect((await service.rpc("finish", { results: [] })).data).toEqual([]);
    const echo = { flag: false, words: ["a,b", null], item: "x" };
    expect((await service.rpc("echo", echo)).data).toEqual(echo);
    for (const item of [[], [1, "2", null], {}, "text", "", '{"looks":"like json"}', 0, false]) {
      expect((await service.rpc("echo", { item })).data).toEqual({ item, words: [], flag: true });
    }
  });

  test("a row of a table is an object", async () => {
    const person = { name: "ann", age: 40, chief: null };

    const { data } = await stack.service().rpc("pets_of", { person }).select("name").order("id");

    expect(data).toEqual([{ name: "rex" }, { name: "tom" }]);
  });

  test("the only one, without a name, is the whole body", async () => {
    const headers = { apikey: stack.keys.secretKey };
    const text = await fetch(`${stack.url}/rest/v1/rpc/measure`, {
      method: "POST",
      headers: { ...headers, "content-type": "text/plain" },
      body: "four",
    });

    expect(await text.json()).toBe(4);
    expect((await stack.service().rpc("keys", { b: 1, a: 2 })).data).toEqual(["a", "b"]);
  });

  test("a variadic one is a list, by POST and by GET", async () => {
    const headers = { apikey: stack.keys.secretKey };
    const url = `${stack.url}/rest/v1/rpc/total?numbers=1&numbers=2`;

    expect((await stack.service().rpc("total", { numbers: [1, 2, 3] })).data).toBe(6);
    expect(await (await fetch(url, { headers })).json()).toBe(3);
  });

  test("NUL in an address is the caller's fault", async () => {
    const headers = { apikey: stack.keys.secretKey };

    const answer = await fetch(`${stack.url}/rest/v1/rpc/either?a=x%00y`, { headers });

    expect([answer.status, (await answer.json()).code]).toEqual([400, "22021"]);
  });
});

describe("results", () => {
  test("are scalars, sets, or nothing", async () => {
    const service = stack.service();

    expect((await service.rpc("half", { amount: 5 })).data).toBe(2.5);
    expect((await service.rpc("half", { amount: 5 }, { get: true })).data).toBe(2.5);
    expect((await service.rpc("moment")).data).toBe("2026-11-20T15:50:33+00:00");
    expect((await service.rpc("words")).data).toEqual(["a", "b"]);
    expect(await service.rpc("nothing")).toMatchObject({ data: null, status: 204 });
  });

  test("are filtered, counted, paged, and embed as tables do", async () => {
    const service = stack.service();
    const page = await service
      .rpc("older_than", { years: 10 }, { count: "exact" })
      .select("name, shout, pets(name)")
      .neq("name", "cyd")
      .order("age")
      .limit(1);
    const head = await service.rpc("older_than", { years: 25 }, { head: true, count: "exact" });

    expect(page.data).toEqual([{ name: "bob", shout: "BOB", pets: [{ name: "kit" }] }]);
    expect(page.count).toBe(2);
    expect([head.data, head.count]).toEqual([null, 2]);
  });

  test("one row of a table is an object", async () => {
    expect((await stack.service().rpc("oldest").select("name, pets(id)")).data).toEqual({
      name: "ann",
      pets: [{ id: 1 }, { id: 2 }],
    });
  });

  test("more rows than max-affected undo what the function did", async () => {
    const service = stack.service();

    const { error } = await service
      .rpc("rejuvenate")
      .setHeader("prefer", "handling=strict,max-affected=2");

    expect(error?.code).toBe("PGRST124");
    const { data } = await service.from("people").select("age").eq("name", "ann").single();
    expect(data).toEqual({ age: 40 });
  });
});

describe("what cannot be called", () => {
  test("two that fit are ambiguous, and both are named", async () => {
    const { error, status } = await stack.service().rpc("either", { a: 1 });

    expect([status, error?.code]).toEqual([300, "PGRST203"]);
    expect(error?.message).toContain("public.either(a => integer), public.either(a => text)");
  });

  test("none is found, and one like it is suggested", async () => {
    const { error, status } = await stack.service().rpc("older_then", { years: 1 });

    expect([status, error?.code]).toEqual([404, "PGRST202"]);
    expect(error?.hint).toBe("Perhaps you meant to call the function public.older_than");
  });
});
