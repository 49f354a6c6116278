-- The shape of what workers hand in. A result that breaks a rule is refused whole, with SL004 and
-- a sentence, before anything is written; the same rules stand in packages/contracts.
-- Sentences name the item's place and the rule, never what was said in it. In plpgsql, whose
-- statements are planned once: as SQL functions the checks cost more than writing the result.

-- Null where a result of an analysis is in order, else the rule it breaks.
create function pipeline.analysis_result_problem(result jsonb)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return case
    when jsonb_path_match(result, '
      $.title.type() == "string" && $.summary.type() == "string"
      && $.model.type() == "string" && $.prompt_version.type() == "string"
      && $.confidence.type() == "number" && $.confidence >= 0 && $.confidence <= 1
      && $.duration_seconds.type() == "number"
      && $.duration_seconds > 0 && $.duration_seconds <= 604800
      && $.metrics.type() == "array" && $.feedback.type() == "array"') is not true
    then 'title, summary, model, prompt_version (texts), confidence (0 to 1), '
      'duration_seconds (above 0, at most a week), metrics and feedback (lists) are needed'
    when jsonb_path_exists(result, '
      $.metrics[*] ? (!(@.metric_key.type() == "string"
        && @.metric_key like_regex "^[a-z][a-z0-9_]{0,59}$"
        && @.metric_value.type() == "number"
        && (!exists(@.unit) || @.unit.type() == "string" || @.unit.type() == "null")))')
    then 'each metric needs a snake_case metric_key, a number metric_value, and a text unit or none'
    when (
      select count(*) <> count(distinct m ->> 'metric_key')
      from jsonb_array_elements(result -> 'metrics') as m
    )
    then 'a metric_key may come once'
    when jsonb_path_exists(result, '
      $.feedback[*] ? (!(@.start_seconds.type() == "number" && @.start_seconds >= 0
        && @.end_seconds.type() == "number" && @.end_seconds >= @.start_seconds
        && @.category.type() == "string" && @.category like_regex "^[a-z][a-z0-9_]{0,39}$"
        && @.severity.type() == "string" && @.severity like_regex "^(low|medium|high)$"
        && @.confidence.type() == "number" && @.confidence >= 0 && @.confidence <= 1
        && @.message.type() == "string"
        && (!exists(@.drill) || @.drill.type() == "string" || @.drill.type() == "null")))')
    then 'each feedback needs 0 <= start_seconds <= end_seconds, a snake_case category, '
      'a severity of low, medium or high, a confidence of 0 to 1, a message, and a drill or null'
    when exists (
      select 1 from jsonb_array_elements(result -> 'feedback') as f
      where length(f ->> 'message') > 2000 or length(f ->> 'drill') > 2000
    )
    then 'message and drill may have 2000 characters'
  end;
end
$$;

-- Null where a result of stage ssml is in order, else the rule it breaks.
create function pipeline.ssml_result_problem(result jsonb)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return case
    when jsonb_path_match(result, '
      $.provider.type() == "string" && $.version.type() == "string"
      && $.segments.type() == "array" && $.segments.size() > 0') is not true
    then 'provider, version (texts) and segments (a list, not empty) are needed'
    when jsonb_path_exists(result, '
      $.segments[*] ? (!(@.segment_index.type() == "number" && @.segment_index >= 0
        && @.segment_index.floor() == @.segment_index && @.segment_index < 1000
        && @.ssml.type() == "string" && @.ssml like_regex "^\\s*<speak[\\s>]"))')
    then 'each segment needs a whole segment_index from 0 and an ssml that is a speak element'
    when (
      select count(*) <> count(distinct s -> 'segment_index')
      from jsonb_array_elements(result -> 'segments') as s
    )
    then 'a segment_index may come once'
    when exists (
      select 1 from jsonb_array_elements(result -> 'segments') as s
      where octet_length(s ->> 'ssml') > 5000
    )
    then 'an ssml may have 5000 bytes'
  end;
end
$$;

-- Null where a result of stage audio is in order, else the rule it breaks.
create function pipeline.audio_result_problem(result jsonb)
returns text
language plpgsql immutable security invoker set search_path = ''
as $$
begin
  return case
    when jsonb_path_match(result, '
      $.provider.type() == "string" && $.version.type() == "string"
      && $.segments.type() == "array" && $.segments.size() > 0') is not true
    then 'provider, version (texts) and segments (a list, not empty) are needed'
    when jsonb_path_exists(result, '
      $.segments[*] ? (!(@.segment_index.type() == "number" && @.segment_index >= 0
        && @.segment_index.floor() == @.segment_index && @.segment_index < 1000
        && @.audio_url.type() == "string" && @.audio_url like_regex "\\S"
        && @.format.type() == "string" && @.format like_regex "^(wav|mp3|ogg)$"
        && @.duration_ms.type() == "number" && @.duration_ms >= 1
        && @.duration_ms.floor() == @.duration_ms && @.duration_ms < 2147483648))')
    then 'each segment needs a whole segment_index from 0, an audio_url, a format of wav, mp3 or '
      'ogg, and a duration_ms of at least 1'
    when (
      select count(*) <> count(distinct s -> 'segment_index')
      from jsonb_array_elements(result -> 'segments') as s
    )
    then 'a segment_index may come once'
  end;
end
$$;

-- Called first by each complete_<stage>. Raises SL004; returns ids and tokens in the given order.
create function pipeline.check_results(
  stage text, results jsonb, out ids bigint[], out lease_tokens uuid[]
)
language plpgsql immutable security invoker set search_path = ''
as $$
declare
  v_result jsonb;
  v_problem text;
begin
  if jsonb_typeof(check_results.results) is distinct from 'array' then
    raise exception 'results must be a list' using errcode = 'SL004';
  end if;
  ids := '{}';
  lease_tokens := '{}';
  for v_result in select r from jsonb_array_elements(check_results.results) as r loop
    if jsonb_path_match(v_result, '
      $.type() == "object" && $.id.type() == "number" && $.id.floor() == $.id
      && $.id.abs() < 9223372036854775807
      && $.lease_token.type() == "string"
      && $.lease_token like_regex "^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"') is not true
    then
      v_problem := 'id (a whole number) and lease_token (a UUID) are needed';
    elsif (v_result ->> 'id')::bigint = any (ids) then
      v_problem := 'an id may come once';
    elsif jsonb_path_exists(v_result, '
      strict $.keyvalue().value ? (@.type() == "array")[*] ? (@.type() != "object")')
    then
      v_problem := 'its lists hold objects';
    else
      v_problem := case check_results.stage
        when 'analysis' then pipeline.analysis_result_problem(v_result)
        when 'ssml' then pipeline.ssml_result_problem(v_result)
        when 'audio' then pipeline.audio_result_problem(v_result)
      end;
    end if;
    if v_problem is not null then
      raise exception 'results[%]: %', cardinality(ids), v_problem using errcode = 'SL004';
    end if;
    ids := ids || (v_result ->> 'id')::bigint;
    lease_tokens := lease_tokens || (v_result ->> 'lease_token')::uuid;
  end loop;
end
$$;

revoke all on function pipeline.analysis_result_problem(jsonb) from public, anon, authenticated;
revoke all on function pipeline.ssml_result_problem(jsonb) from public, anon, authenticated;
revoke all on function pipeline.audio_result_problem(jsonb) from public, anon, authenticated;
revoke all on function pipeline.check_results(text, jsonb) from public, anon, authenticated;
grant execute on function pipeline.analysis_result_problem(jsonb) to service_role;
grant execute on function pipeline.ssml_result_problem(jsonb) to service_role;
grant execute on function pipeline.audio_result_problem(jsonb) to service_role;
grant execute on function pipeline.check_results(text, jsonb) to service_role;
