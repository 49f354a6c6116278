/**
 * The table of transitions: what may happen to one item of one stage that workers work. The
 * reference model runs it, the walks compare the model with the SQL and have to take every row, and
 * docs/state-machine.md shows it. The SQL knows nothing of this file.
 */

export const stages = ["analysis", "ssml", "audio"] as const;
export type Stage = (typeof stages)[number];

export type Status = "queued" | "processing" | "completed" | "failed";
/** Where an item is; `absent` before its row is written and after it is deleted. */
export type Place = Status | "absent";

/**
 * What happens to an item, with the words for it. A worker's call carries its token, and changes
 * nothing where the item has another one.
 */
export const events = {
  upload_completed: {
    label: "upload completes",
    by: "`upload_status` becomes `completed` (trigger)",
  },
  upload_failed: { label: "upload fails", by: "`upload_status` becomes `failed` (trigger)" },
  upload_begins: {
    label: "upload begins anew",
    by: "`upload_status` becomes `pending` or `uploading` (trigger)",
  },
  feedback_written: { label: "feedback", by: "feedback is inserted (trigger)" },
  ssml_written: { label: "new SSML", by: "`complete_ssml`" },
  words_changed: { label: "words change", by: "`message` or `drill` changes (trigger)" },
  claim: { label: "claim", by: "`claim_<stage>`" },
  park: { label: "park", by: "a claim beyond the owner's quota" },
  complete: { label: "complete", by: "`complete_<stage>`" },
  fail: { label: "fail", by: "`fail`" },
  defer: { label: "defer", by: "`defer`" },
  send_back: { label: "send back", by: "`send_back`" },
  write_again: { label: "sent back", by: "`send_back` of its audio, or a retry of it" },
  extend: { label: "extend", by: "`extend`" },
  release: { label: "release", by: "`release`" },
  sweep: { label: "sweep", by: "`sweep()`, and claims" },
  retry: {
    label: "retry",
    by: "`retry_analysis`, `retry_feedback`, `retry_draft` (owner), `requeue_…` (operator)",
  },
  deleted: { label: "delete", by: "the recording or its owner's account is deleted" },
} as const;
export type Event = keyof typeof events;

/** Conditions beside the status. */
export const guards = {
  always: "",
  ready: "has a turn",
  recovered: "lease expired, has a turn",
  due: "its time has come",
  recoverable: "lease expired, losses left",
  exhausted: "lease expired, no loss left",
  retryable: "retryable, an attempt left",
  final: "not retryable, or no attempt left",
  within_bound: "within `max_deferred_seconds` in all",
  beyond_bound: "beyond it, or beyond the caller's patience",
  first_round: "for the first time",
  last_round: "for the second time, or nothing stands before the stage",
  refused: "its SSML was refused",
  not_refused: "unless its SSML was refused",
  never_claimed: "without an attempt, or its video was missing",
  without_attempt: "without an attempt",
  awaiting_input: "waiting for its upload",
} as const;
export type Guard = keyof typeof guards;

/** What changes beside the status. */
export const effects = {
  begin:
    "All attempts. A task if its input is there (the upload, a message, SSML), at its owner's end.",
  void_upload: "With the recording's `error_code`, else `upload_failed`. Attempts are kept.",
  suspend: "No task until the upload is complete. Attempts are kept until then.",
  lease: "New token. `attempts` + 1, unless a worker was lost with it.",
  set_aside: "No turn until 00:00 UTC, `quota_exceeded`.",
  finish: "Results, status and the next stage's task in one transaction.",
  back_off: "After the backoff.",
  give_up: "With the given code, or `deferred_too_long`.",
  postpone: "After the provider's delay or a growing one. The attempt is given back.",
  wait: "No task until there is other SSML.",
  write_anew: "All attempts, at its owner's end, and it knows why.",
  prolong: "The lease ends later.",
  hand_back: "Ready now, at the front. The attempt is given back.",
  expire: "With `lease_expired`.",
  queue_up: "A turn at its owner's end.",
  recover: "A turn at the front, a loss more. Its worker owns it until somebody else claims it.",
  remove: "Everything that came from the recording goes; workers at it become stale.",
} as const;
export type Effect = keyof typeof effects;

/** At most one row fits an item and an event; where none does, nothing happens to the item. */
export interface Transition {
  event: Event;
  from: readonly Place[];
  when: Guard;
  to: Place;
  effect: Effect;
  stages: readonly Stage[];
}

const { analysis, ssml, speech, audio, all } = {
  analysis: ["analysis"],
  ssml: ["ssml"],
  speech: ["ssml", "audio"],
  audio: ["audio"],
  all: stages,
} satisfies Record<string, readonly Stage[]>;
const any = ["queued", "processing", "completed", "failed"] satisfies Status[];

export const transitions: readonly Transition[] = [
  t(analysis, "upload_completed", ["absent"], "always", "queued", "begin"),
  t(analysis, "upload_completed", ["queued"], "awaiting_input", "queued", "begin"),
  t(analysis, "upload_completed", ["failed"], "never_claimed", "queued", "begin"),
  t(
    analysis,
    "upload_failed",
    ["absent", "queued", "processing"],
    "always",
    "failed",
    "void_upload",
  ),
  t(analysis, "upload_failed", ["failed"], "without_attempt", "failed", "void_upload"),
  t(analysis, "upload_begins", ["queued", "processing"], "always", "queued", "suspend"),
  t(speech, "feedback_written", ["absent"], "always", "queued", "begin"),
  t(audio, "ssml_written", ["queued"], "always", "queued", "begin"),
  t(speech, "words_changed", any, "always", "queued", "begin"),
  t(all, "claim", ["queued"], "ready", "processing", "lease"),
  t(all, "claim", ["processing"], "recovered", "processing", "lease"),
  t(all, "park", ["queued", "processing"], "ready", "queued", "set_aside"),
  t(all, "complete", ["processing"], "always", "completed", "finish"),
  t(all, "fail", ["processing"], "retryable", "queued", "back_off"),
  t(all, "fail", ["processing"], "final", "failed", "give_up"),
  t(all, "defer", ["processing"], "within_bound", "queued", "postpone"),
  t(all, "defer", ["processing"], "beyond_bound", "failed", "give_up"),
  t(audio, "send_back", ["processing"], "first_round", "queued", "wait"),
  t(all, "send_back", ["processing"], "last_round", "failed", "give_up"),
  t(ssml, "write_again", ["completed"], "always", "queued", "write_anew"),
  t(all, "release", ["processing"], "always", "queued", "hand_back"),
  t(all, "extend", ["processing"], "always", "processing", "prolong"),
  t(all, "sweep", ["processing"], "exhausted", "failed", "expire"),
  t(all, "sweep", ["processing"], "recoverable", "processing", "recover"),
  t(all, "sweep", ["queued"], "due", "queued", "queue_up"),
  t(audio, "retry", ["failed"], "refused", "queued", "wait"),
  t(all, "retry", ["failed"], "not_refused", "queued", "begin"),
  t(all, "deleted", any, "always", "absent", "remove"),
];

function t(
  ofStages: readonly Stage[],
  event: Event,
  from: readonly Place[],
  when: Guard,
  to: Place,
  effect: Effect,
): Transition {
  return { event, from, when, to, effect, stages: ofStages };
}
