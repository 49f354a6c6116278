import type { TestUser } from "../test-gateway.ts";

/** Tables that show what the Data API must be able to do, made by `migrate` of a test gateway. */
export const testSchema = `
create table public.parents (
  id bigint generated always as identity primary key,
  name text not null unique,
  status text not null default 'new',
  user_id uuid not null default auth.uid() references auth.users on delete cascade,
  created_at timestamptz not null default now()
);
create table public.children (
  id bigint generated always as identity primary key,
  parent_id bigint not null references public.parents on delete cascade,
  label text not null,
  size int constraint size_is_positive check (size > 0)
);
create table public.letters (
  id int primary key,
  sender_id bigint not null references public.parents,
  receiver_id bigint references public.parents
);
create table public.marks (id int primary key, label text not null);
create table public.letter_marks (
  letter_id int references public.letters, mark_id int references public.marks,
  primary key (letter_id, mark_id)
);
create table public.notes (
  id int primary key,
  letter_id int references public.letters, mark_id int references public.marks
);
create table public.stamps (id int primary key, letter_id int references public.letters);
create table public.albums (
  id int primary key,
  mark_id int references public.marks, stamp_id int references public.stamps
);
create table public.lines (book int, number int, words text, primary key (book, number));
create table public.readings (
  id int primary key, book int not null, number int not null, again int,
  constraint readings_line_fkey foreign key (book, number) references public.lines,
  constraint readings_again_fkey foreign key (book, again) references public.lines
);
create table public.drawings (
  id int primary key, book int not null, number int not null,
  constraint drawings_line_key unique (book, number),
  constraint drawings_line_fkey foreign key (book, number) references public.lines
);
create table public.pairs (a int, b text, note text, primary key (a, b));
create table public.kinds (
  id int primary key,
  big bigint, amount numeric, ratio float8, flag boolean, key uuid,
  document jsonb, plain json, words text[], numbers int[], moments timestamptz[],
  day date, local timestamp, moment timestamptz, span interval, bytes bytea
);
alter table public.parents enable row level security;
alter table public.children enable row level security;
alter table public.pairs enable row level security;
alter table public.kinds enable row level security;
create policy "owners have their parents" on public.parents to authenticated
  using (user_id = (select auth.uid())) with check (user_id = (select auth.uid()));
create policy "owners have their parents' children" on public.children to authenticated
  using (exists (select from public.parents where parents.id = parent_id));
grant select, insert, update, delete on public.parents, public.children to authenticated, service_role;
grant all on public.pairs, public.kinds, public.letters, public.marks, public.letter_marks,
  public.lines, public.readings, public.drawings, public.stamps, public.albums to service_role;

create table pipeline.items (id int primary key, note text);
grant select, insert, update on pipeline.items to service_role;

create function pipeline.take(batch_size int default null, lease_seconds int default null)
returns table (id int, lease_token uuid, lease_expires_at timestamptz, coach jsonb, amount numeric)
language sql as $$
  select g, gen_random_uuid(), '2026-11-20 15:50:33+00'::timestamptz, '{"rate": 1.25}'::jsonb, 1.50
  from generate_series(1, coalesce(batch_size, 1)) g
$$;
create function pipeline.finish(results jsonb)
returns table (id bigint, outcome text)
language sql as $$
  select (r ->> 'id')::bigint, r #>> '{notes,0}' from jsonb_array_elements(results) r
$$;
revoke execute on function pipeline.take(int, int), pipeline.finish(jsonb) from public;
grant execute on function pipeline.take(int, int), pipeline.finish(jsonb) to service_role;

create function public.fail_with(code text) returns void language plpgsql as $$
begin
  raise exception 'failed with %', code using errcode = code, detail = 'why', hint = 'how';
end
$$;
create function public.who_am_i() returns jsonb language sql stable as $$
  select jsonb_build_object('role', current_user, 'uid', auth.uid(), 'session', auth.jwt() ->> 'session_id')
$$;
create function public.echo(item jsonb, words text[] default '{}', flag boolean default true)
returns jsonb language sql immutable as $$
  select jsonb_build_object('item', item, 'words', words, 'flag', flag)
$$;
create function public.half(amount numeric) returns numeric language sql immutable as $$ select amount / 2 $$;
create function public.moment() returns timestamptz language sql immutable as $$
  select '2026-11-20 15:50:33+00'::timestamptz
$$;
create function public.nothing() returns void language sql as $$ $$;
create function public.words() returns setof text language sql immutable as $$ values ('a'), ('b') $$;
create function public.my_parents() returns setof public.parents language sql stable as $$
  select * from public.parents order by id
$$;
create function public.sleep(seconds float8) returns void language sql as $$ select pg_sleep(seconds) $$;
grant execute on all functions in schema public to anon, authenticated, service_role;
`;

/** Parents a, b and c; a has the children a1 and a2, b has b1. */
export async function addFamilies({ client }: TestUser): Promise<void> {
  const { data } = await client
    .from("parents")
    .insert([{ name: "a" }, { name: "b" }, { name: "c" }])
    .select("id")
    .throwOnError();
  await client
    .from("children")
    .insert([
      { parent_id: data[0]?.id, label: "a1", size: 1 },
      { parent_id: data[0]?.id, label: "a2", size: 2 },
      { parent_id: data[1]?.id, label: "b1", size: 3 },
    ])
    .throwOnError();
}
