/** Planted bugs in what holds claims back: providers, caps and quotas. */
import type { Mutant } from "./plant.ts";

export const limitMutants: readonly Mutant[] = [
  {
    fault: "an open circuit lets everybody through",
    function: "pipeline.provider_room",
    from: "(limits).open_until > at",
    to: "false",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "one owner opens the circuit",
    function: "pipeline.after_failure",
    from: "if not after_failure.user_id = any (limits.failing_users) then",
    to: "if true then",
    scope: "analysis, its provider is not there",
  },
  {
    fault: "a probe that never asked is not given back",
    function: "pipeline.give_back_probe",
    from: "l.probe_token = any (give_back_probe.lease_tokens)",
    to: "false",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "the next probe is the same owner's",
    function: "pipeline.pick_within_caps",
    from: "and p.user_id is distinct from pick_within_caps.avoid",
    to: "",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "an answer leaves the circuit open",
    function: "pipeline.note_answer",
    from: "v.open_until := null;",
    to: "",
    scope: "analysis, its circuit is open",
  },
  {
    fault: "one owner's refusal pauses everybody",
    function: "pipeline.note_answer",
    from: "if cardinality(v.refused_users) > 1 then",
    to: "if true then",
    scope: "analysis, its provider refuses",
  },
  {
    fault: "the caps count no leases",
    function: "pipeline.claim_budget",
    from: "least(items, v.max_concurrency - h.live)",
    to: "items",
    scope: "analysis, one slot",
  },
  {
    fault: "one owner may hold all slots",
    function: "pipeline.claim_budget",
    from: "(s.max_concurrency + 1) / 2",
    to: "s.max_concurrency",
    scope: "analysis, half of two slots for one owner",
  },
  {
    fault: "a cap is off by one",
    function: "pipeline.pick_within_caps",
    from: "p.place <= pick_within_caps.per_user",
    to: "p.place <= 1 + pick_within_caps.per_user",
    scope: "analysis, one slot for each owner",
  },
  {
    fault: "claims count against no quota",
    function: "pipeline.lease",
    from: "if lease.counted then",
    to: "if false then",
    scope: "analysis, two claims a day",
  },
  {
    fault: "what is given back counts against the quota",
    function: "pipeline.give_back_usage",
    from: "set attempts = u.attempts - 1",
    to: "set attempts = u.attempts",
    scope: "analysis, two claims a day",
  },
];
