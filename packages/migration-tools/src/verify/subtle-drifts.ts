import type { Drift } from "./planted-drifts.ts";

/** What is easily overlooked. */
export const subtleDrifts: Drift[] = [
  {
    title: "row level security disabled",
    statements: ["alter table public.analysis_jobs disable row level security"],
    found: ["changed table public.analysis_jobs"],
    lines: [["row level security: enabled", "row level security: disabled"]],
  },
  {
    title: "a policy for more roles",
    statements: [`alter policy "owners read their feedback" on public.analysis_feedback to public`],
    found: [`changed policy "owners read their feedback" on public.analysis_feedback`],
    lines: [["to authenticated", "to public"]],
  },
  {
    title: "one more policy on Storage",
    statements: [
      `create policy "everyone reads" on storage.objects for select to anon using (true)`,
    ],
    found: [`unexpected policy "everyone reads" on storage.objects`],
  },
  {
    title: "a function made security definer",
    statements: ["alter function pipeline.prune() security definer"],
    found: ["changed function pipeline.prune()"],
  },
  {
    title: "a function's search_path removed",
    statements: ["alter function public.retry_analysis(bigint) reset search_path"],
    found: ["changed function public.retry_analysis(bigint)"],
    lines: [["SET search_path TO ''", "SECURITY DEFINER"]],
  },
  {
    title: "execute granted to everyone",
    statements: ["grant execute on function pipeline.dispatch() to public"],
    found: ["unexpected grant function pipeline.dispatch() to public"],
  },
  {
    title: "one more overload of a function",
    statements: [
      "create function public.retry_analysis(text) returns text language sql as 'select $1'",
    ],
    found: ["unexpected function public.retry_analysis(text)"],
  },
  {
    title: "a default changed",
    statements: ["alter table pipeline.stages alter column enabled set default false"],
    found: ["changed column pipeline.stages.enabled"],
    lines: [["default: true", "default: false"]],
  },
  {
    title: "null allowed",
    statements: ["alter table public.analysis_jobs alter column user_id drop not null"],
    found: ["changed column public.analysis_jobs.user_id"],
    lines: [["not null", "null allowed"]],
  },
  {
    title: "a unique constraint replaced by an index",
    statements: [
      `alter table public.analysis_jobs
       drop constraint analysis_jobs_video_recording_id_key`,
      `create index analysis_jobs_video_recording_id_key
       on public.analysis_jobs (video_recording_id)`,
    ],
    found: [
      "missing constraint analysis_jobs_video_recording_id_key on public.analysis_jobs",
      "unexpected index public.analysis_jobs_video_recording_id_key",
    ],
  },
  {
    title: "a foreign key that deletes nothing along",
    statements: [
      `alter table public.analysis_metrics
       drop constraint analysis_metrics_analysis_job_id_fkey,
       add constraint analysis_metrics_analysis_job_id_fkey
         foreign key (analysis_job_id) references public.analysis_jobs (id)`,
    ],
    found: ["changed constraint analysis_metrics_analysis_job_id_fkey on public.analysis_metrics"],
    lines: [["ON DELETE CASCADE", "REFERENCES public.analysis_jobs(id)"]],
  },
  {
    title: "foreign keys switched off",
    asSuperuser: true,
    statements: [`alter table public.analysis_metrics disable trigger all`],
    found: ["changed constraint analysis_metrics_analysis_job_id_fkey on public.analysis_metrics"],
    lines: [["FOREIGN KEY", "not enforced"]],
  },
  {
    title: "a check that old rows need not meet",
    statements: [
      `alter table public.analysis_jobs
       drop constraint confidence_is_a_share,
       add constraint confidence_is_a_share check (confidence between 0 and 1) not valid`,
    ],
    found: ["changed constraint confidence_is_a_share on public.analysis_jobs"],
    lines: [["CHECK", "NOT VALID"]],
  },
  {
    title: "an index that was never finished",
    leavesRemains: true,
    statements: [
      "drop index public.a_language_has_one_default_voice",
      "update public.coach_voices set is_default = true",
      `create unique index concurrently a_language_has_one_default_voice
       on public.coach_voices (language_code) where is_default`,
    ],
    found: ["changed index public.a_language_has_one_default_voice"],
    lines: [["CREATE UNIQUE INDEX", "invalid"]],
  },
  {
    title: "a cron job's schedule",
    statements: [
      "select cron.schedule('sideline-dispatch', '* * * * *', 'select pipeline.dispatch()')",
    ],
    found: ["changed cron job sideline-dispatch"],
    lines: [["1 second", "* * * * *"]],
  },
  {
    title: "a cron job gone",
    statements: ["select cron.unschedule('sideline-prune')"],
    found: ["missing cron job sideline-prune"],
  },
  {
    title: "a cron job paused",
    asSuperuser: true,
    statements: ["update cron.job set active = false where jobname = 'sideline-prune'"],
    found: ["changed cron job sideline-prune"],
  },
  {
    title: "a second clockwork",
    statements: ["select cron.schedule('again', '* * * * *', 'select pipeline.dispatch()')"],
    found: ["unexpected cron job again"],
  },
  {
    title: "a grant for one more column",
    statements: ["grant update (storage_path) on public.video_recordings to authenticated"],
    found: ["changed grant column public.video_recordings.storage_path to authenticated"],
    lines: [["insert", "insert, update"]],
  },
  {
    title: "a grant that may be passed on",
    statements: ["grant select on public.coach_voices to authenticated with grant option"],
    found: ["changed grant table public.coach_voices to authenticated"],
    lines: [["select", "select with grant option"]],
  },
  {
    title: "a sequence that users may move",
    statements: ["grant update on sequence public.analysis_jobs_id_seq to authenticated"],
    found: ["unexpected grant sequence public.analysis_jobs_id_seq to authenticated"],
  },
  {
    title: "a schema that users may enter",
    statements: ["grant usage on schema pipeline to authenticated"],
    found: ["unexpected grant schema pipeline to authenticated"],
  },
  {
    title: "default privileges",
    statements: [
      "alter default privileges for role postgres in schema public grant select on tables to anon",
    ],
    found: ["unexpected default privileges tables made by postgres in public to anon"],
  },
  {
    title: "replica identity",
    statements: ["alter table public.analysis_jobs replica identity full"],
    found: ["changed table public.analysis_jobs"],
    lines: [["replica identity: primary key", "replica identity: full"]],
  },
  {
    title: "a publication that leaves out deletions",
    statements: ["alter publication supabase_realtime set (publish = 'insert, update')"],
    found: ["changed publication supabase_realtime"],
  },
  {
    title: "a publication that filters rows",
    statements: [
      `alter publication supabase_realtime drop table public.analysis_jobs`,
      `alter publication supabase_realtime add table public.analysis_jobs where (id > 0)`,
    ],
    found: ["changed published table public.analysis_jobs in supabase_realtime"],
  },
  {
    title: "a table of Auth in the publication",
    asSuperuser: true,
    statements: ["alter publication supabase_realtime add table auth.users"],
    found: ["unexpected published table auth.users in supabase_realtime"],
  },
  {
    title: "a trigger on Auth's users that runs a function of ours",
    asSuperuser: true,
    statements: [
      `create trigger spy after insert on auth.users
       for each row execute function pipeline.touch_updated_at()`,
    ],
    found: ["unexpected trigger spy on auth.users"],
  },
  {
    title: "a rule that swallows writes",
    statements: ["create rule swallow as on delete to public.analysis_metrics do instead nothing"],
    found: ["unexpected rule swallow on public.analysis_metrics"],
  },
  {
    title: "a table kept out of the write-ahead log",
    statements: ["alter table pipeline.retries set unlogged"],
    found: ["changed table pipeline.retries"],
  },
  {
    title: "a table of another owner",
    asSuperuser: true,
    statements: ["alter table pipeline.retries owner to supabase_admin"],
    found: ["missing grant table pipeline.retries to postgres", "changed table pipeline.retries"],
  },
  {
    title: "a comment",
    statements: ["comment on column public.analysis_jobs.status is 'Whatever.'"],
    found: ["changed column public.analysis_jobs.status"],
  },
  {
    title: "a bucket that takes anything",
    statements: ["update storage.buckets set allowed_mime_types = null where id = 'processed'"],
    found: ["changed bucket processed"],
  },
  {
    title: "an extension gone",
    asSuperuser: true,
    statements: ["drop extension pg_net cascade"],
    found: ["missing extension pg_net"],
  },
  {
    title: "an enum, a domain, a view and a sequence nobody asked for",
    statements: [
      "create type public.mood as enum ('good', 'bad')",
      "create domain public.share as numeric check (value between 0 and 1)",
      "create view public.everything as select * from public.analysis_jobs",
      "create sequence public.counter",
    ],
    found: [
      "unexpected sequence public.counter",
      "unexpected type public.mood",
      "unexpected type public.share",
      "unexpected view public.everything",
    ],
  },
];
