-- What a brief is: the form in which a session says what an analysis shall look for. Kept small and
-- meaningful, and checked here as in packages/contracts (brief.ts): rules to look for, categories
-- to skip, for whom, and holes, which are questions, open or answered.

-- Whether a value answers a hole. Null where it has no type that anybody knows.
create function pipeline.fits_hole(hole jsonb, value jsonb)
returns boolean
language sql immutable security invoker
return case hole ->> 'type'
  when 'choice' then jsonb_typeof(value) = 'string' and hole -> 'options' @> value
  when 'number' then value @? '$ ? (@.type() == "number" && @.abs() <= 1000000000)'
  when 'boolean' then jsonb_typeof(value) = 'boolean'
  when 'text' then value @? '$ ? (@.type() == "string" && @ like_regex "\\S"
    && @ like_regex "^.{1,250}$" flag "s")'
end;

-- The first fault of a hole as a sentence; null where it has none.
create function pipeline.hole_fault(hole jsonb)
returns text
language sql immutable security invoker
return case
  when (
    jsonb_typeof(hole) = 'object'
    and hole - array['id', 'type', 'question', 'options', 'unit', 'required', 'default', 'answer']
      = '{}'
    and hole @? '$ ? (@.id.type() == "string" && @.id like_regex "^[a-z][a-z0-9_]{0,39}$"
      && @.type like_regex "^(choice|number|text|boolean)$"
      && @.question.type() == "string" && @.question like_regex "\\S"
      && @.question like_regex "^.{1,200}$" flag "s" && @.required.type() == "boolean")'
  ) is not true
    then 'a hole needs a snake_case id, a type of choice, number, text or boolean, a question of '
      'at most 200 characters, and whether it is required'
  when (case hole ->> 'type'
    when 'choice' then hole @? 'strict $.options ? (@.type() == "array" && @.size() >= 2
        && @.size() <= 8 && !exists(@[*] ? (!(@.type() == "string" && @ like_regex "\\S"
        && @ like_regex "^.{1,80}$" flag "s"))))'
    else hole -> 'options' = 'null'
  end) is not true
    then 'a choice has 2 to 8 options of at most 80 characters, no other hole has any'
  when (
    hole -> 'unit' = 'null' or hole ->> 'type' = 'number'
    and hole @? '$.unit ? (@.type() == "string" && @ like_regex "^\\S.{0,19}$" flag "s")'
  ) is not true then 'a number may have a unit of at most 20 characters, no other hole has one'
  when not (hole ? 'default' and hole ? 'answer')
    or (hole -> 'default' <> 'null' and not pipeline.fits_hole(hole, hole -> 'default'))
    or (hole -> 'answer' <> 'null' and not pipeline.fits_hole(hole, hole -> 'answer'))
    then 'default and answer of a hole are null, or fit its type'
end;

-- The first fault of a brief as a sentence; null where it has none.
create function pipeline.brief_fault(ir jsonb)
returns text
language sql immutable security invoker
return case
  when jsonb_typeof(ir) is distinct from 'object' then 'a brief is an object'
  when octet_length(ir::text) > 16384 then 'a brief has at most 16 kB'
  when ir -> 'schema_version' is distinct from '1' then 'schema_version must be 1'
  when (
    ir - array['schema_version', 'goal', 'language', 'audience', 'level', 'rules', 'skip', 'holes']
      = '{}'
    and ir @? 'strict $ ? (@.goal.type() == "string" && @.goal like_regex "^.{0,250}$" flag "s"
      && @.language.type() == "string"
      && @.language like_regex "^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,4}$"
      && @.language like_regex "^.{0,35}$"
      && (@.audience == null || (@.audience.type() == "string" && @.audience like_regex "\\S"
        && @.audience like_regex "^.{1,120}$" flag "s"))
      && (@.level == null || (@.level.type() == "string"
        && @.level like_regex "^(beginner|intermediate|advanced|professional)$"))
      && @.rules.type() == "array" && @.rules.size() <= 20
      && @.skip.type() == "array" && @.skip.size() <= 20
      && @.holes.type() == "array" && @.holes.size() <= 12)'
  ) is not true
    then 'a brief holds goal, language, audience, level, at most 20 rules, 20 categories to skip, '
      'and 12 holes'
  when ir @? 'strict $.rules[*] ? (@.type() != "object")' or ir @? '$.rules[*] ? (!(
      @.id.type() == "string" && @.id like_regex "^[a-z][a-z0-9_]{0,39}$"
      && @.look_for.type() == "string" && @.look_for like_regex "\\S"
      && @.look_for like_regex "^.{1,250}$" flag "s" && exists(@.category)
      && (@.category == null || (@.category.type() == "string"
        && @.category like_regex "^[a-z][a-z0-9_]{0,39}$"))))'
    or ir @? '$.rules[*].keyvalue() ? (!(@.key like_regex "^(id|look_for|category)$"))'
    then 'a rule needs a snake_case id, what to look for in at most 250 characters, and a '
      'snake_case category or null'
  when ir @? 'strict $.skip[*] ? (!(@.type() == "string" && @ like_regex "^[a-z][a-z0-9_]{0,39}$"))'
    then 'what to skip is a list of snake_case categories'
  when exists (
    select from jsonb_array_elements(ir -> 'holes') as h (hole)
    where pipeline.hole_fault(h.hole) is not null
  ) then (
    select min(pipeline.hole_fault(h.hole)) from jsonb_array_elements(ir -> 'holes') as h (hole)
  )
  when exists (
    select from (
      select 'rule' as kind, r ->> 'id' as id from jsonb_array_elements(ir -> 'rules') as r
      union all
      select 'hole', h ->> 'id' from jsonb_array_elements(ir -> 'holes') as h
      union all
      select 'skip', s from jsonb_array_elements_text(ir -> 'skip') as s
    ) as p
    group by p.kind, p.id having count(*) > 1
  ) then 'ids of rules, ids of holes and skipped categories come once each'
end;

-- The brief of a session in which nothing has been said.
create function pipeline.empty_brief()
returns jsonb
language sql immutable security invoker
return '{"schema_version": 1, "goal": "", "language": "en-US", "audience": null, "level": null,
  "rules": [], "skip": [], "holes": []}'::jsonb;

-- The parts that a person would point at, each at a path of its own: rules and holes by their ids.
create function pipeline.brief_parts(ir jsonb)
returns table (path text, part jsonb)
language sql immutable security invoker
begin atomic
  select '/' || e.key, e.value from jsonb_each(ir) as e
  where e.key not in ('rules', 'skip', 'holes')
  union all
  select '/rules/' || (r ->> 'id'), r - 'id' from jsonb_array_elements(ir -> 'rules') as r
  union all
  select '/skip/' || s, 'true'::jsonb from jsonb_array_elements_text(ir -> 'skip') as s
  union all
  select '/holes/' || (h ->> 'id'), h - 'id' from jsonb_array_elements(ir -> 'holes') as h;
end;

-- What differs between two briefs: [{path, before, after}], null for what is not there.
create function pipeline.brief_diff(before jsonb, after jsonb)
returns jsonb
language sql immutable security invoker
return (
  select coalesce(jsonb_agg(jsonb_build_object(
    'path', coalesce(a.path, b.path), 'before', b.part, 'after', a.part
  ) order by coalesce(a.path, b.path) collate "C"), '[]')
  from pipeline.brief_parts(brief_diff.before) as b
  full join pipeline.brief_parts(brief_diff.after) as a on a.path = b.path
  where a.part is distinct from b.part
);

-- Whether it can be followed: it asks for something, and no answer that it needs is open.
create function pipeline.brief_is_ready(ir jsonb)
returns boolean
language sql immutable security invoker
return (ir -> 'rules' <> '[]' or ir -> 'skip' <> '[]')
  and not ir @? '$.holes[*] ? (@.required == true && @.answer == null)';

revoke all on function
  pipeline.fits_hole(jsonb, jsonb),
  pipeline.hole_fault(jsonb),
  pipeline.brief_fault(jsonb),
  pipeline.empty_brief(),
  pipeline.brief_parts(jsonb),
  pipeline.brief_diff(jsonb, jsonb),
  pipeline.brief_is_ready(jsonb)
from public, anon, authenticated;
grant execute on function
  pipeline.fits_hole(jsonb, jsonb),
  pipeline.hole_fault(jsonb),
  pipeline.brief_fault(jsonb),
  pipeline.empty_brief(),
  pipeline.brief_parts(jsonb),
  pipeline.brief_diff(jsonb, jsonb),
  pipeline.brief_is_ready(jsonb)
to service_role;
-- Users need them for the default and the check of their own sessions; without usage on the schema
-- they cannot call them by name.
grant execute on function
  pipeline.fits_hole(jsonb, jsonb),
  pipeline.hole_fault(jsonb),
  pipeline.brief_fault(jsonb),
  pipeline.empty_brief()
to authenticated;
