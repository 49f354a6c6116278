/**
 * The table of transitions: what may happen to one item of one stage. The reference model runs it,
 * the walks compare the model with the SQL and have to take every row, and docs/state-machine.md
 * shows it. The SQL knows nothing of this file.
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
  feedback_written: { label: "feedback", by: "feedback is inserted (trigger)" },
  ssml_written: { label: "new SSML", by: "SSML segments are inserted (trigger)" },
  words_changed: { label: "words change", by: "`message` or `drill` changes (trigger)" },
  claim: { label: "claim", by: "`claim_<stage>`" },
  complete: { label: "complete", by: "`complete_<stage>`" },
  fail: { label: "fail", by: "`fail_<stage>`" },
  defer: { label: "defer", by: "`defer_<stage>`" },
  extend: { label: "extend", by: "`extend_<stage>`" },
  release: { label: "release", by: "`release_<stage>`" },
  sweep: { label: "sweep", by: "`sweep()`, and claims" },
  retry: {
    label: "retry",
    by: "`retry_analysis`, `retry_feedback` (owner), `requeue_…` (operator)",
  },
  deleted: { label: "delete", by: "the recording or its owner's account is deleted" },
} as const;
export type Event = keyof typeof events;

/** Conditions beside the status. */
export const guards = {
  always: "",
  ready: "has a turn",
  recovered: "lease expired, has a turn",
  due: "its time has come, no turn yet",
  recoverable: "lease expired, an attempt left",
  exhausted: "lease expired, no attempt left",
  retryable: "retryable, an attempt left",
  final: "not retryable, or no attempt left",
  within_bound: "within `max_deferred_seconds` in all",
  beyond_bound: "beyond `max_deferred_seconds` in all",
  stale_input: "unless ready for its first attempt",
  never_claimed: "without an attempt",
  awaiting_input: "waiting for its upload",
} as const;
export type Guard = keyof typeof guards;

/** What changes beside the status. */
export const effects = {
  begin:
    "All attempts. Ready if its input is there (the upload, a message, SSML), at its owner's end.",
  void_upload: "With the recording's `error_code`, else `upload_failed`. Attempts are kept.",
  lease: "`attempts` + 1, new token.",
  finish: "Results and status in one transaction.",
  back_off: "After the backoff.",
  give_up: "With the given code.",
  postpone: "After the provider's delay, at least a second. The attempt is given back.",
  prolong: "The lease ends later.",
  hand_back: "Ready now, at the front. The attempt is given back.",
  expire: "With `lease_expired`.",
  queue_up: "A turn at its owner's end.",
  recover: "A turn at the front. Its worker still owns it until somebody else claims it.",
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

const { analysis, speech, audio, all } = {
  analysis: ["analysis"],
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
  t(analysis, "upload_failed", ["failed"], "never_claimed", "failed", "void_upload"),
  t(speech, "feedback_written", ["absent"], "always", "queued", "begin"),
  t(audio, "ssml_written", any, "stale_input", "queued", "begin"),
  t(speech, "words_changed", any, "always", "queued", "begin"),
  t(all, "claim", ["queued"], "ready", "processing", "lease"),
  t(all, "claim", ["processing"], "recovered", "processing", "lease"),
  t(all, "complete", ["processing"], "always", "completed", "finish"),
  t(all, "fail", ["processing"], "retryable", "queued", "back_off"),
  t(all, "fail", ["processing"], "final", "failed", "give_up"),
  t(all, "defer", ["processing"], "within_bound", "queued", "postpone"),
  t(all, "defer", ["processing"], "beyond_bound", "failed", "give_up"),
  t(all, "release", ["processing"], "always", "queued", "hand_back"),
  t(all, "extend", ["processing"], "always", "processing", "prolong"),
  t(all, "sweep", ["processing"], "exhausted", "failed", "expire"),
  t(all, "sweep", ["processing"], "recoverable", "processing", "recover"),
  t(all, "sweep", ["queued"], "due", "queued", "queue_up"),
  t(all, "retry", ["failed"], "always", "queued", "begin"),
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

/** A row's name in reports, e.g. `fail: processing (retryable, an attempt left) → queued`. */
export function nameOf({ event, from, when, to }: Transition): string {
  const condition = guards[when] && ` (${guards[when]})`;
  return `${event}: ${from.join(", ")}${condition} → ${to}`;
}
