-- A recording may name a session of its owner: its analysis follows the brief. The columns stand
-- with their tables; here they are tied to sessions, which come later.

alter table public.video_recordings
add constraint video_recordings_session_id_user_id_fkey foreign key (session_id, user_id)
references public.sessions (id, user_id) on delete set null (session_id);

create index video_recordings_session_id_user_id_idx
on public.video_recordings (session_id, user_id);

create index analysis_jobs_session_id_idx
on public.analysis_jobs (session_id) where session_id is not null;

-- How often each rule of a brief led to a remark.
create view public.rule_usage with (security_invoker = true) as
select j.session_id, j.user_id, f.rule_id, count(*) as remarks,
  count(distinct j.id) as analyses, max(f.created_at) as last_remark_at
from public.analysis_jobs as j
join public.analysis_feedback as f on f.analysis_job_id = j.id and f.rule_id is not null
where j.session_id is not null
group by j.session_id, j.user_id, f.rule_id;

comment on view public.rule_usage is 'What came of each rule of each session''s briefs.';
comment on column public.rule_usage.session_id is 'The session.';
comment on column public.rule_usage.user_id is 'Its owner.';
comment on column public.rule_usage.rule_id is 'The rule.';
comment on column public.rule_usage.remarks is 'Remarks that name it.';
comment on column public.rule_usage.analyses is 'Analyses with such a remark.';
comment on column public.rule_usage.last_remark_at is 'When it last led to one.';

revoke all on table public.rule_usage from public, anon, authenticated, service_role;
grant select on table public.rule_usage to authenticated, service_role;
