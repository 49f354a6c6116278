-- The shape of what workers hand in. A result that breaks a rule is refused whole, with SL004 and
-- a sentence, before anything is written; the same rules stand in packages/contracts.
-- Sentences name the item's place and the rule, never what was said in it. In plpgsql, whose
-- statements are planned once: as SQL functions the checks cost more than writing the result.

-- Each of the next three looks through all results at once, rule by rule, and answers with the
-- first that breaks one and the rule; nulls where all are in order.

create function pipeline.analysis_problem(results jsonb, out culprit jsonb, out problem text)
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  problem := 'title, summary, model, prompt_version (texts), confidence (0 to 1), '
    'duration_seconds (above 0, at most a week), metrics and feedback (lists) are needed';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (!(@.title.type() == "string" && @.summary.type() == "string"
      && @.model.type() == "string" && @.prompt_version.type() == "string"
      && @.confidence.type() == "number" && @.confidence >= 0 && @.confidence <= 1
      && @.duration_seconds.type() == "number"
      && @.duration_seconds > 0 && @.duration_seconds <= 604800
      && @.metrics.type() == "array" && @.feedback.type() == "array"))');
  if culprit is not null then return; end if;

  problem :=
    'each metric needs a snake_case metric_key, a number metric_value, and a text unit or none';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (exists(@.metrics[*] ? (!(@.metric_key.type() == "string"
      && @.metric_key like_regex "^[a-z][a-z0-9_]{0,39}$"
      && @.metric_value.type() == "number"
      && (!exists(@.unit) || @.unit.type() == "string" || @.unit.type() == "null")))))');
  if culprit is not null then return; end if;

  problem := 'a metric_key may come once';
  select r into culprit from jsonb_array_elements(results) as r
  where (
    select count(*) <> count(distinct m ->> 'metric_key')
    from jsonb_array_elements(r -> 'metrics') as m
  );
  if culprit is not null then return; end if;

  problem := 'each feedback needs 0 <= start_seconds <= end_seconds, a snake_case category, '
    'a severity of low, medium or high, a confidence of 0 to 1, a message, and a drill or null';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (exists(@.feedback[*] ? (!(@.start_seconds.type() == "number" && @.start_seconds >= 0
      && @.end_seconds.type() == "number" && @.end_seconds >= @.start_seconds
      && @.category.type() == "string" && @.category like_regex "^[a-z][a-z0-9_]{0,39}$"
      && @.severity.type() == "string" && @.severity like_regex "^(low|medium|high)$"
      && @.confidence.type() == "number" && @.confidence >= 0 && @.confidence <= 1
      && @.message.type() == "string"
      && (!exists(@.drill) || @.drill.type() == "string" || @.drill.type() == "null")))))');
  if culprit is not null then return; end if;

  problem := 'a title may have 200 characters, a summary 4000, a message and a drill 2000, '
    'a unit 40';
  select r into culprit from jsonb_array_elements(results) as r
  where length(r ->> 'title') > 200 or length(r ->> 'summary') > 4000 or exists (
    select from jsonb_array_elements(r -> 'metrics') as m where length(m ->> 'unit') > 40
  ) or exists (
    select from jsonb_array_elements(r -> 'feedback') as f
    where length(f ->> 'message') > 2000 or length(f ->> 'drill') > 2000
  );
  if culprit is null then problem := null; end if;
end
$$;

create function pipeline.ssml_problem(results jsonb, out culprit jsonb, out problem text)
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  problem := 'provider, version (texts) and segments (a list, not empty) are needed';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (!(@.provider.type() == "string" && @.version.type() == "string"
      && @.segments.type() == "array" && @.segments.size() > 0))');
  if culprit is not null then return; end if;

  problem := 'each segment needs a whole segment_index from 0 and an ssml that is a speak element';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (exists(@.segments[*] ? (!(@.segment_index.type() == "number"
      && @.segment_index >= 0 && @.segment_index < 1000
      && @.segment_index.floor() == @.segment_index
      && @.ssml.type() == "string" && @.ssml like_regex "^\\s*<speak[\\s>]"))))');
  if culprit is not null then return; end if;

  problem := 'an ssml may have 5000 bytes';
  select r into culprit from jsonb_array_elements(results) as r
  where exists (
    select from jsonb_array_elements(r -> 'segments') as s where octet_length(s ->> 'ssml') > 5000
  );
  if culprit is null then problem := null; end if;
end
$$;

create function pipeline.audio_problem(results jsonb, out culprit jsonb, out problem text)
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  problem := 'provider, version (texts) and segments (a list, not empty) are needed';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (!(@.provider.type() == "string" && @.version.type() == "string"
      && @.segments.type() == "array" && @.segments.size() > 0))');
  if culprit is not null then return; end if;

  problem := 'each segment needs a whole segment_index from 0, an audio_url, a format of wav, mp3 '
    'or ogg, and a duration_ms of at least 1';
  culprit := jsonb_path_query_first(results, '
    $[*] ? (exists(@.segments[*] ? (!(@.segment_index.type() == "number"
      && @.segment_index >= 0 && @.segment_index < 1000
      && @.segment_index.floor() == @.segment_index
      && @.audio_url.type() == "string" && @.audio_url like_regex "\\S"
      && @.format.type() == "string" && @.format like_regex "^(wav|mp3|ogg)$"
      && @.duration_ms.type() == "number" && @.duration_ms >= 1
      && @.duration_ms.floor() == @.duration_ms && @.duration_ms < 2147483648))))');
  if culprit is null then problem := null; end if;
end
$$;

-- The same for what every stage hands in: who it is about, and lists of objects in which no segment
-- comes twice.
create function pipeline.result_problem(
  stage text, results jsonb, out culprit jsonb, out problem text
)
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  problem := 'id (a whole number) and lease_token (a UUID) are needed';
  culprit := coalesce(
    jsonb_path_query_first(results, 'strict $[*] ? (@.type() != "object")'),
    jsonb_path_query_first(results, '
      $[*] ? (!(@.id.type() == "number" && @.id.floor() == @.id
        && @.id.abs() < 9223372036854775807
        && @.lease_token.type() == "string"
        && @.lease_token like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"))')
  );
  if culprit is not null then return; end if;

  problem := 'its lists hold objects';
  culprit := jsonb_path_query_first(results, 'strict
    $[*] ? (exists(@.keyvalue().value ? (@.type() == "array")[*] ? (@.type() != "object")))');
  if culprit is not null then return; end if;

  case result_problem.stage
    when 'analysis' then
      select p.culprit, p.problem into culprit, problem
      from pipeline.analysis_problem(results) as p;
    when 'ssml' then
      select p.culprit, p.problem into culprit, problem
      from pipeline.ssml_problem(results) as p;
    else
      select p.culprit, p.problem into culprit, problem
      from pipeline.audio_problem(results) as p;
  end case;
  if culprit is not null or result_problem.stage = 'analysis' then return; end if;

  problem := 'a segment_index may come once';
  select r into culprit from jsonb_array_elements(results) as r
  where jsonb_array_length(r -> 'segments') > 1 and (
    select count(*) <> count(distinct s -> 'segment_index')
    from jsonb_array_elements(r -> 'segments') as s
  );
  if culprit is null then problem := null; end if;
end
$$;

-- Called first by each complete_<stage>. Raises SL004; returns ids and tokens in the given order.
create function pipeline.check_results(
  stage text, results jsonb, out ids bigint[], out lease_tokens uuid[]
)
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_culprit jsonb;
  v_problem text;
begin
  if jsonb_typeof(check_results.results) is distinct from 'array' then
    raise exception 'results must be a list' using errcode = 'SL004';
  end if;
  select p.culprit, p.problem into v_culprit, v_problem
  from pipeline.result_problem(check_results.stage, check_results.results) as p;
  if v_problem is null then
    select
      coalesce(array_agg((r.item ->> 'id')::bigint order by r.place), '{}'),
      coalesce(array_agg((r.item ->> 'lease_token')::uuid order by r.place), '{}')
    into ids, lease_tokens
    from jsonb_array_elements(check_results.results) with ordinality as r (item, place);
    if cardinality(ids) = (select count(distinct i) from unnest(ids) as i) then
      return;
    end if;
    v_problem := 'an id may come once';
    select r into v_culprit from jsonb_array_elements(check_results.results) as r
    where (select count(*) from unnest(ids) as i where i = (r ->> 'id')::bigint) > 1
    limit 1;
  end if;
  raise exception 'results[%]: %', (
    select min(r.place) - 1
    from jsonb_array_elements(check_results.results) with ordinality as r (item, place)
    where r.item = v_culprit
  ), v_problem using errcode = 'SL004';
end
$$;

revoke all on function pipeline.analysis_problem(jsonb) from public, anon, authenticated;
revoke all on function pipeline.ssml_problem(jsonb) from public, anon, authenticated;
revoke all on function pipeline.audio_problem(jsonb) from public, anon, authenticated;
revoke all on function pipeline.result_problem(text, jsonb) from public, anon, authenticated;
revoke all on function pipeline.check_results(text, jsonb) from public, anon, authenticated;
grant execute on function pipeline.analysis_problem(jsonb) to service_role;
grant execute on function pipeline.ssml_problem(jsonb) to service_role;
grant execute on function pipeline.audio_problem(jsonb) to service_role;
grant execute on function pipeline.result_problem(text, jsonb) to service_role;
grant execute on function pipeline.check_results(text, jsonb) to service_role;
