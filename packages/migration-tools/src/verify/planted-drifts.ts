/** A change that somebody made by hand, and what has to be said of it. */
export interface Drift {
  title: string;
  statements: string[];
  /** `<change> <kind> <name>` of all differences, in order. */
  found: string[];
  /** For each difference in order, a piece of the expected and of the actual definition. */
  lines?: [expected: string, actual: string][];
  asSuperuser?: boolean;
  /** Outside a transaction; the last statement fails and leaves something half done. */
  leavesRemains?: boolean;
}

/** What people do in a dashboard. */
export const plantedDrifts: Drift[] = [
  {
    title: "a dropped index",
    statements: ["drop index public.analysis_feedback_user_id_idx"],
    found: ["missing index public.analysis_feedback_user_id_idx"],
  },
  {
    title: "a policy loosened",
    statements: [`alter policy "owners read their analysis" on public.analysis_jobs using (true)`],
    found: [`changed policy "owners read their analysis" on public.analysis_jobs`],
    lines: [["user_id = ( SELECT auth.uid()", "using (true)"]],
  },
  {
    title: "a grant to anon",
    statements: ["grant select on public.analysis_jobs to anon"],
    found: ["unexpected grant table public.analysis_jobs to anon"],
    lines: [["", "select"]],
  },
  {
    title: "a column's type",
    statements: [
      "alter table public.analysis_metrics alter column metric_value type double precision",
    ],
    found: ["changed column public.analysis_metrics.metric_value"],
    lines: [["type: numeric", "type: double precision"]],
  },
  {
    title: "a trigger disabled",
    statements: ["alter table pipeline.stages disable trigger stages_touch_updated_at"],
    found: ["changed trigger stages_touch_updated_at on pipeline.stages"],
    lines: [["\nenabled", "\ndisabled"]],
  },
  {
    title: "a function replaced",
    statements: [
      `create or replace function pipeline.now() returns timestamptz
       language sql stable security invoker set search_path = '' as 'select now()'`,
    ],
    found: ["changed function pipeline.now()"],
    lines: [["current_setting('pipeline.now'", "select now()"]],
  },
  {
    title: "a table left out of the publication",
    statements: ["alter publication supabase_realtime drop table public.analysis_feedback"],
    found: ["missing published table public.analysis_feedback in supabase_realtime"],
  },
  {
    title: "a bucket made public",
    statements: ["update storage.buckets set public = true where id = 'raw'"],
    found: ["changed bucket raw"],
    lines: [["private", "public"]],
  },
  {
    title: "a check dropped",
    statements: ["alter table public.analysis_jobs drop constraint confidence_is_a_share"],
    found: ["missing constraint confidence_is_a_share on public.analysis_jobs"],
  },
  {
    title: "an extra table, once, with all that belongs to it",
    statements: [
      "create table public.extra (id bigint generated always as identity primary key, note text)",
      "create index on public.extra (note)",
      "grant select on public.extra to anon",
    ],
    found: ["unexpected table public.extra"],
  },
];
