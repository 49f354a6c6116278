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
    grant all on public.people, public.pets to service_role;
    grant execute on all functions in schema public to service_role;
  `);
});
afterAll(() => stack.stop());

describe("arguments", () => {
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
