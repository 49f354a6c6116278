-- What sessions come to: for each, for each owner, lately, and how well models draft. They run with
-- their reader's rights: owners see their own, service_role all. And the owner's search.

create view public.session_summary with (security_invoker = true) as
select s.id, s.user_id, s.title, s.status, s.revision, s.revision_count, s.draft_count,
  s.hole_count, jsonb_array_length(s.current_ir -> 'rules') as rule_count,
  jsonb_array_length(jsonb_path_query_array(
    s.current_ir, '$.holes[*] ? (@.answer == null)'
  )) as open_hole_count,
  d.cost_micros, d.input_tokens, d.output_tokens, d.milliseconds, d.completed_drafts,
  d.failed_drafts, s.created_at, s.updated_at
from public.sessions as s
cross join lateral (
  select coalesce(sum(r.cost_micros), 0)::bigint as cost_micros,
    coalesce(sum(r.input_tokens), 0)::bigint as input_tokens,
    coalesce(sum(r.output_tokens), 0)::bigint as output_tokens,
    coalesce(sum(r.milliseconds), 0)::bigint as milliseconds,
    count(*) filter (where r.status = 'completed') as completed_drafts,
    count(*) filter (where r.status = 'failed') as failed_drafts
  from public.session_drafts as r where r.session_id = s.id
) as d;

comment on view public.session_summary is 'What each session comes to, and what it cost.';
comment on column public.session_summary.id is 'The session.';
comment on column public.session_summary.user_id is 'Its owner.';
comment on column public.session_summary.title is 'Its title.';
comment on column public.session_summary.status is 'Its status.';
comment on column public.session_summary.revision is 'Number of its latest revision.';
comment on column public.session_summary.revision_count is 'Its revisions.';
comment on column public.session_summary.draft_count is 'Its drafts.';
comment on column public.session_summary.hole_count is 'Its answers.';
comment on column public.session_summary.rule_count is 'Rules of its brief.';
comment on column public.session_summary.open_hole_count is 'Holes of its brief without an answer.';
comment on column public.session_summary.cost_micros is
  'What its drafts cost, in millionths of the prices'' currency.';
comment on column public.session_summary.input_tokens is 'Tokens its drafts asked with.';
comment on column public.session_summary.output_tokens is 'Tokens its drafts were answered with.';
comment on column public.session_summary.milliseconds is 'Time that models took for it.';
comment on column public.session_summary.completed_drafts is 'Drafts with a brief.';
comment on column public.session_summary.failed_drafts is 'Drafts that failed.';
comment on column public.session_summary.created_at is 'When it was begun.';
comment on column public.session_summary.updated_at is 'When anything of it last changed.';

create view public.user_analytics with (security_invoker = true) as
select s.user_id, count(*) as sessions,
  count(*) filter (where s.status = 'ready') as ready_sessions,
  sum(s.revision_count)::bigint as revisions, sum(s.draft_count)::bigint as drafts,
  sum(s.hole_count)::bigint as answers, d.cost_micros, d.completed_share,
  d.milliseconds_per_draft, max(s.updated_at) as last_active_at
from public.sessions as s
left join (
  select r.user_id, sum(r.cost_micros)::bigint as cost_micros,
    round(avg((r.status = 'completed')::int) filter (
      where r.status in ('completed', 'failed')
    ), 3) as completed_share,
    round(avg(r.milliseconds) filter (where r.status = 'completed')) as milliseconds_per_draft
  from public.session_drafts as r group by r.user_id
) as d on d.user_id = s.user_id
group by s.user_id, d.cost_micros, d.completed_share, d.milliseconds_per_draft;

comment on view public.user_analytics is 'What each owner''s sessions come to.';
comment on column public.user_analytics.user_id is 'The owner.';
comment on column public.user_analytics.sessions is 'Their sessions.';
comment on column public.user_analytics.ready_sessions is 'Those that can be followed.';
comment on column public.user_analytics.revisions is 'Revisions in all.';
comment on column public.user_analytics.drafts is 'Drafts in all.';
comment on column public.user_analytics.answers is 'Answers in all.';
comment on column public.user_analytics.cost_micros is
  'What all drafts cost, in millionths of the prices'' currency; null without a draft.';
comment on column public.user_analytics.completed_share is
  'Share of the drafts that came out, of those that ended.';
comment on column public.user_analytics.milliseconds_per_draft is
  'Time that models took for a draft that came out.';
comment on column public.user_analytics.last_active_at is 'When anything last changed.';

-- Each part is cut by its own index before they are put together.
create view public.recent_activity with (security_invoker = true) as
select a.kind, a.session_id, a.user_id, (
    select s.title from public.sessions as s where s.id = a.session_id
  ) as title, a.id, a.detail, a.at
from (
  (
    select 'revision' as kind, r.session_id, r.user_id, r.id, r.cause as detail, r.created_at as at
    from public.session_revisions as r order by r.created_at desc, r.id desc limit 100
  )
  union all
  (
    select 'draft', d.session_id, d.user_id, d.id, d.status::text, d.created_at
    from public.session_drafts as d order by d.created_at desc, d.id desc limit 100
  )
  union all
  (
    select 'answer', h.session_id, h.user_id, h.id, h.method, h.created_at
    from public.hole_resolutions as h order by h.created_at desc, h.id desc limit 100
  )
  order by at desc, kind, id desc limit 100
) as a;

comment on view public.recent_activity is 'The last 100 things that were done in sessions.';
comment on column public.recent_activity.kind is 'revision, draft or answer.';
comment on column public.recent_activity.session_id is 'The session.';
comment on column public.recent_activity.user_id is 'Its owner.';
comment on column public.recent_activity.title is 'Its title.';
comment on column public.recent_activity.id is 'The row that was added.';
comment on column public.recent_activity.detail is
  'The cause of a revision, the status of a draft, the method of an answer.';
comment on column public.recent_activity.at is 'When.';

create view public.draft_validation_stats with (security_invoker = true) as
select d.model, d.prompt_version, count(*) as drafts,
  round(avg(d.syntax_ok::int), 3) as syntax_share, round(avg(d.schema_ok::int), 3) as schema_share,
  round(avg(d.rules_ok::int), 3) as rules_share,
  round(avg(d.is_repaired::int), 3) as repaired_share,
  count(*) filter (where d.outcome = 'applied') as applied,
  count(*) filter (where d.outcome = 'superseded') as superseded,
  count(*) filter (where d.status = 'failed') as failed,
  round(avg(d.cost_micros)) as cost_micros_per_draft
from public.session_drafts as d
where d.model is not null
group by d.model, d.prompt_version;

comment on view public.draft_validation_stats is 'How well models draft, by model and prompt.';
comment on column public.draft_validation_stats.model is 'The model.';
comment on column public.draft_validation_stats.prompt_version is 'The prompt.';
comment on column public.draft_validation_stats.drafts is 'Drafts that it answered.';
comment on column public.draft_validation_stats.syntax_share is
  'Share of first replies that were JSON.';
comment on column public.draft_validation_stats.schema_share is
  'Share of first replies with a brief''s form.';
comment on column public.draft_validation_stats.rules_share is
  'Share of first replies that kept all rules.';
comment on column public.draft_validation_stats.repaired_share is
  'Share that took a second reply.';
comment on column public.draft_validation_stats.applied is 'Those that became a revision.';
comment on column public.draft_validation_stats.superseded is
  'Those whose session had moved on meanwhile.';
comment on column public.draft_validation_stats.failed is 'Those that failed.';
comment on column public.draft_validation_stats.cost_micros_per_draft is
  'What a draft costs, in millionths of the prices'' currency.';

-- The caller's sessions, latest first, in pages: `before` and `before_id` are updated_at and id of
-- the last one of the page before.
create function public.search_sessions(
  words text default null, category text default null, status text default null,
  before timestamptz default null, before_id bigint default null, most int default 20
)
returns setof public.sessions
-- Definer: a policy lets no operator use an index that could tell of what it hides, such as those
-- of words and of what is in a brief; they would read all sessions of the owner. The owner is
-- compared here. Planned for each call, since it depends on the filters which index is best.
language plpgsql stable security definer set search_path = ''
set plan_cache_mode = force_custom_plan
as $$
declare
  v_user uuid := auth.uid();
begin
  return query
  select s.* from public.sessions as s
  where s.user_id = v_user
    and (search_sessions.status is null or s.status = search_sessions.status)
    and (words is null or s.search @@ websearch_to_tsquery('simple', left(words, 200)))
    and (
      category is null or s.current_ir
        @> jsonb_build_object('rules', jsonb_build_array(jsonb_build_object('category', category)))
    )
    and (before is null or (
      s.updated_at <= before and (s.updated_at < before or s.id < before_id)
    ))
  order by s.updated_at desc, s.id desc
  limit least(greatest(most, 1), 100);
end
$$;

comment on function public.search_sessions(text, text, text, timestamptz, bigint, int) is
  'The caller''s sessions, latest first: by words, by the category of a rule, by status.';

revoke all on function public.search_sessions(text, text, text, timestamptz, bigint, int)
from public, anon, authenticated, service_role;
grant execute on function public.search_sessions(text, text, text, timestamptz, bigint, int)
to authenticated;

revoke all on table
  public.session_summary, public.user_analytics, public.recent_activity,
  public.draft_validation_stats
from public, anon, authenticated, service_role;
grant select on table
  public.session_summary, public.user_analytics, public.recent_activity,
  public.draft_validation_stats
to authenticated, service_role;
