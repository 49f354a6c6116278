/** Who takes part in the race, and what each may do in a turn. */
import { type Stage, stages } from "./transitions.ts";

export interface Actor {
  name: string;
  /** Statement that takes the role. */
  role: string;
  turns: number;
  statements: readonly string[];
  /** Errors that are an answer: somebody else was faster. */
  mayFail?: readonly string[];
}

const results: Record<Stage, string> = {
  analysis: `'title', 't', 'summary', 's', 'model', 'm', 'prompt_version', '1', 'confidence', 1,
    'duration_seconds', 1, 'metrics', jsonb_build_array(), 'feedback', (
      select jsonb_agg(jsonb_build_object('start_seconds', n, 'end_seconds', n, 'category', 'x',
        'severity', 'low', 'confidence', 1, 'message', 'Hop.', 'drill', null))
      from generate_series(1, 3) as n)`,
  ssml: `'provider', 'p', 'version', '1', 'segments', jsonb_build_array(
    jsonb_build_object('segment_index', 0, 'ssml', '<speak>Hop.</speak>'))`,
  audio: `'provider', 'p', 'version', '1', 'segments', (
    select jsonb_agg(jsonb_build_object('segment_index', s.segment_index, 'audio_url', 'a',
      'format', 'wav', 'duration_ms', 1))
    from public.analysis_ssml_segments as s where s.feedback_id = i.id)`,
};

/** Hands in some of what is leased at the moment, as the holders of those leases might. */
const completeSome = (stage: Stage, most: number) =>
  `select count(*) from pipeline.complete_${stage}((
    select coalesce(jsonb_agg(jsonb_build_object(
      'id', i.id, 'lease_token', i.token, ${results[stage]})), '[]')
    from (${leased(stage)} order by random() limit ${most}) as i))`;

const callOnOne = (stage: Stage, call: string) =>
  `select pipeline.${call} from (${leased(stage)} order by random() limit 1) as i`;

function leased(stage: Stage): string {
  return `select subject_id as id, lease_token as token from pipeline.tasks
    where stage = '${stage}' and lease_token is not null`;
}

const role = "set local role service_role";

const workers = stages.flatMap((stage): Actor[] =>
  [1, 2].map((number) => ({
    name: `${stage} worker ${number}`,
    role,
    turns: 8,
    statements: [
      `select count(*) from pipeline.claim_${stage}(3)`,
      `select count(*) from pipeline.claim_${stage}(3)`,
      completeSome(stage, 1),
      completeSome(stage, 8),
      callOnOne(stage, `fail('${stage}', i.id, i.token, 'provider_unavailable', 'Gone.', true)`),
      callOnOne(stage, `defer('${stage}', i.id, i.token, 'provider_rate_limited', 'Later.', 1)`),
      callOnOne(stage, `send_back('${stage}', i.id, i.token, 'ssml_refused', 'Not so.')`),
      callOnOne(stage, `release('${stage}', i.id, i.token)`),
      callOnOne(stage, `extend('${stage}', i.id, i.token, 60)`),
    ],
  })),
);

// Of the latest, whose items are at work.
const latest = "(select * from public.video_recordings order by id desc limit 8)";
const aRecording = `(select r.id from ${latest} as r order by random() limit 1)`;
const someone = `(select r.user_id from ${latest} as r order by random() limit 1)`;
const someFeedback = "select id from public.analysis_feedback order by random() limit 1";

export const actors: readonly Actor[] = [
  ...workers,
  {
    name: "owner",
    role,
    turns: 3,
    statements: [
      `delete from public.video_recordings where id = ${aRecording}`,
      `update public.video_recordings set upload_status = 'failed' where id = ${aRecording}`,
      `update public.video_recordings set upload_status = 'uploading' where id = ${aRecording}`,
      `update public.video_recordings set upload_status = 'completed' where id = ${aRecording}`,
    ],
  },
  {
    name: "editor",
    role,
    turns: 3,
    statements: [
      `update public.analysis_feedback set message = md5(random()::text)
       where id = (${someFeedback})`,
    ],
  },
  {
    name: "closing account",
    role: "set local role none",
    turns: 1,
    statements: [`delete from auth.users where id = ${someone}`],
  },
  {
    name: "cron",
    role: "set local role none",
    turns: 4,
    statements: [
      "select count(*) from pipeline.sweep()",
      "select count(*) from pipeline.dispatch()",
      "select pipeline.recognise_uploads()",
      "select pipeline.recognise_replacements()",
    ],
  },
];
