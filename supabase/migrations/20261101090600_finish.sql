-- Handing in. A complete_<stage>() is
--   hand_in()   the results checked, the rows that they are about locked, their tasks gone where
--               their tokens are right
--   its own     writes for what is `done`, and the next stage's tasks, in the same transaction
--   outcomes()  what it answers
-- A stale result writes nothing at all.

-- A rule that each result keeps: a sentence, and a path that finds a result that breaks it.
create type pipeline.rule as (says text, broken jsonpath);

-- Called first by each complete_<stage> with the rules of its stage: raises SL004 with a sentence
-- that names the item's place and the rule, never what was said in it, before anything is written.
-- The same rules stand in packages/contracts; how long a text may be and what comes once is left to
-- the constraints of the tables. Returns ids and tokens in the given order.
create function pipeline.check_results(
  results jsonb, variadic rules pipeline.rule[], out ids bigint[], out lease_tokens uuid[]
)
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_rule pipeline.rule;
  v_culprit jsonb;
begin
  if jsonb_typeof(results) is distinct from 'array' then
    raise exception 'results must be a list' using errcode = 'SL004';
  end if;
  foreach v_rule in array array[
    row('an item is an object', 'strict $[*] ? (@.type() != "object")'),
    row('id (a whole number) and lease_token (a UUID) are needed', '
      $[*] ? (!(@.id.type() == "number" && @.id.floor() == @.id
        && @.id.abs() < 9223372036854775807 && @.lease_token.type() == "string"
        && @.lease_token like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))'),
    row('a list holds objects', 'strict
      $[*] ? (exists(@.* ? (@.type() == "array")[*] ? (@.type() != "object")))')
  ]::pipeline.rule[] || check_results.rules loop
    v_culprit := jsonb_path_query_first(results, v_rule.broken);
    exit when v_culprit is not null;
  end loop;
  if v_culprit is null and jsonb_array_length(results) = 1 then
    ids := array[(results -> 0 ->> 'id')::bigint];
    lease_tokens := array[(results -> 0 ->> 'lease_token')::uuid];
    return;
  elsif v_culprit is null then
    select
      coalesce(array_agg((r.item ->> 'id')::bigint order by r.place), '{}'),
      coalesce(array_agg((r.item ->> 'lease_token')::uuid order by r.place), '{}')
    into ids, lease_tokens
    from jsonb_array_elements(results) with ordinality as r (item, place);
    if cardinality(ids) = (select count(distinct i) from unnest(ids) as i) then
      return;
    end if;
    v_rule.says := 'an id may come once';
    select r.item into v_culprit
    from jsonb_array_elements(results) with ordinality as r (item, place)
    where (r.item ->> 'id')::bigint = any (ids[r.place + 1:])
    limit 1;
  end if;
  raise exception 'results[%]: %', (
    select min(r.place) - 1 from jsonb_array_elements(results) with ordinality as r (item, place)
    where r.item = v_culprit
  ), v_rule.says using errcode = 'SL004';
end
$$;

-- Locks the items that are handed in, each after its row of the table `parents` where its result
-- writes that, too (parent_id in the stage's view). One is waited for. Of several those that
-- somebody holds are left out, and are the answer: accounts are deleted row by row, in an order of
-- the server's own, and who waits for one of several rows may meet that the other way round.
create function pipeline.hold(stage text, ids bigint[], parents name default null)
returns bigint[]
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off
as $$
declare
  v_items name := hold.stage || '_items';
  v_busy bigint[];
begin
  if parents is null and cardinality(ids) = 1 then
    execute format('select from pipeline.%I as i where i.id = $1 for no key update', v_items)
    using ids[1];
  elsif parents is null then
    execute format(
      'with held as materialized (
         select i.id from pipeline.%1$I as i where i.id = any ($1) for no key update skip locked
       )
       select array_agg(i.id) from pipeline.%1$I as i
       where i.id = any ($1) and i.id <> all (array(select h.id from held as h))', v_items
    ) into v_busy using ids;
  elsif cardinality(ids) = 1 then
    execute format(
      'select from public.%I as p
       where p.id = (select i.parent_id from pipeline.%I as i where i.id = $1)
       for no key update', parents, v_items
    ) using ids[1];
    return pipeline.hold(hold.stage, ids);
  else
    execute format(
      'with held as materialized (
         select i.id from pipeline.%1$I as i join public.%2$I as p on p.id = i.parent_id
         where i.id = any ($1) for no key update skip locked
       )
       select array_agg(i.id) from pipeline.%1$I as i
       where i.id = any ($1) and i.id <> all (array(select h.id from held as h))', v_items, parents
    ) into v_busy using ids;
  end if;
  return coalesce(v_busy, '{}');
end
$$;

-- Takes the tasks of these results out of the queue, where their tokens are right; the ids that are
-- neither `done` nor `busy` are stale. The provider has answered, but for results that were made
-- without it (`asked` is false): these cost no quota.
create function pipeline.finish(
  stage text, ids bigint[], lease_tokens uuid[], busy bigint[], at timestamptz, results jsonb,
  out done bigint[], out user_ids uuid[], out rounds int[]
)
language plpgsql volatile security invoker set search_path = ''
set enable_seqscan = off set enable_bitmapscan = off set plan_cache_mode = force_generic_plan
as $$
declare
  v_troubled boolean;
  v_asked boolean;
  v_unasked bigint[] := '{}';
begin
  if finish.results @? '$[*] ? (@.asked == false)' then
    v_unasked := array(
      select (r.item ->> 'id')::bigint from jsonb_array_elements(finish.results) as r (item)
      where r.item -> 'asked' = 'false'
    );
  end if;
  with gone as (
    delete from pipeline.tasks as t
    where t.stage = finish.stage and t.subject_id = any (finish.ids)
      and t.subject_id <> all (finish.busy)
      and t.lease_token = finish.lease_tokens[array_position(finish.ids, t.subject_id)]
    returning t.*
  ),
  -- As end_attempts() does, in the same statement: this is the hot path.
  told as (
    insert into public.processing_timeline
      (user_id, stage, subject_id, attempt, queued_at, started_at, ended_at, outcome)
    select g.user_id, g.stage, g.subject_id, g.attempts, g.queued_at,
      coalesce(g.claimed_at, finish.at), finish.at, 'completed'
    from gone as g
  )
  select coalesce(array_agg(g.subject_id), '{}'), array_agg(g.user_id), array_agg(g.rounds),
    -- What was sent back is made anew without the provider.
    bool_or(g.refused is null and g.subject_id <> all (v_unasked)), exists (
      select from pipeline.provider_limits as l
      where l.open_until is not null or l.failing_users <> '{}' or l.refused_users <> '{}'
    )
  into done, user_ids, rounds, v_asked, v_troubled
  from gone as g;
  if v_troubled and v_asked then
    perform pipeline.note_answer(finish.stage, null, null, 'completed', null);
  elsif v_troubled then
    perform pipeline.give_back_probe(finish.lease_tokens);
  end if;
  if v_unasked <> '{}' then
    perform pipeline.give_back_usage(finish.stage, d.user_id)
    from (
      select g.user_id from unnest(done, user_ids) as g (id, user_id)
      where g.id = any (v_unasked)
      order by g.user_id
    ) as d;
  end if;
end
$$;

-- What was handed in, in the given order; of it what is `done`, and what was `busy`.
create type pipeline.handed_in as (
  at timestamptz, ids bigint[], busy bigint[], done bigint[], user_ids uuid[], rounds int[]
);

create function pipeline.hand_in(
  stage text, results jsonb, parents name, variadic rules pipeline.rule[]
)
returns pipeline.handed_in
language plpgsql volatile security invoker set search_path = ''
as $$
declare
  v pipeline.handed_in;
  v_tokens uuid[];
begin
  v.at := pipeline.now();
  select c.ids, c.lease_tokens into v.ids, v_tokens
  from pipeline.check_results(results, variadic rules) as c;
  v.busy := pipeline.hold(hand_in.stage, v.ids, parents);
  select f.done, f.user_ids, f.rounds into v.done, v.user_ids, v.rounds
  from pipeline.finish(hand_in.stage, v.ids, v_tokens, v.busy, v.at, results) as f;
  return v;
end
$$;

-- What a complete_<stage>() answers of each item: completed, stale, or busy: to be handed in again.
-- Without `case`: the CLI takes its `end` for the end of the body.
create function pipeline.outcomes(ids bigint[], done bigint[], busy bigint[])
returns table (id bigint, outcome text)
language sql immutable security invoker
begin atomic
  select i, (array['stale', 'completed', 'busy'])[
    1 + (i = any (done))::int + 2 * (i = any (busy))::int
  ]
  from unnest(ids) with ordinality as r (i, place) order by r.place;
end;

revoke all on function
  pipeline.check_results(jsonb, pipeline.rule[]),
  pipeline.hold(text, bigint[], name),
  pipeline.finish(text, bigint[], uuid[], bigint[], timestamptz, jsonb),
  pipeline.hand_in(text, jsonb, name, pipeline.rule[]),
  pipeline.outcomes(bigint[], bigint[], bigint[])
from public, anon, authenticated;
grant execute on function
  pipeline.check_results(jsonb, pipeline.rule[]),
  pipeline.hold(text, bigint[], name),
  pipeline.finish(text, bigint[], uuid[], bigint[], timestamptz, jsonb),
  pipeline.hand_in(text, jsonb, name, pipeline.rule[]),
  pipeline.outcomes(bigint[], bigint[], bigint[])
to service_role;
