import type { Stage } from "@sideline/contracts";

/** The same for every stage that may meet it, or one for each. */
type Expected = string | Partial<Record<Stage, string>>;

const template = "completed";

/** Tests only: what has to become of an item, by the fault's name. */
const outcomes: Record<string, Expected> = {
  "429 with RetryInfo of 19.4 s": "waits 19 s · `provider_rate_limited`",
  "429 without a delay": "waits 1–2 s · `provider_rate_limited`",
  "429 of a daily quota": "waits 1 h · `provider_quota_exceeded`",
  "402 no credit left": "waits 1–2 s · `provider_quota_exceeded`",
  "400 of a bad key": "fails · `provider_key_invalid`",
  "401 without a valid key": "fails · `provider_key_invalid`",
  "403 of a service that is not enabled": "fails · `provider_key_invalid`",
  "403 otherwise": "attempt 2, in 1–2 s · `provider_rejected`",
  "404 of a model or voice": "fails · `provider_rejected`",
  "400 otherwise": "fails · `provider_rejected`",
  "500": "waits 1–2 s · `provider_unavailable`",
  "503 overloaded": "waits 1–2 s · `provider_unavailable`",
  "504 too late": "waits 1–2 s · `provider_unavailable`",
  "nobody answers": "waits 1–2 s · `provider_unavailable`",
  "a redirect": "waits 1–2 s · `provider_unavailable`",
  "an answer that never ends": "waits 1–2 s · `provider_unavailable`",
  "an answer that breaks off": "waits 1–2 s · `provider_unavailable`",
  "no answer before the deadline": "waits 1–2 s · `provider_unavailable`",
  "an answer that is no JSON": "waits 1–2 s · `provider_unavailable`",
  "a blocked prompt": {
    ...{ analysis: "fails · `provider_blocked`", ssml: template },
    draft: "fails · `provider_blocked`",
  },
  "an answer stopped as unsafe": {
    ...{ analysis: "fails · `provider_blocked`", ssml: template },
    draft: "fails · `provider_blocked`",
  },
  "an answer stopped as a recitation": {
    ...{ analysis: "fails · `provider_blocked`", ssml: template },
    draft: "fails · `provider_blocked`",
  },
  "an answer cut off twice": {
    analysis: "attempt 2, in 1–2 s · `reply_invalid`",
    ssml: template,
    draft: "attempt 2, in 1–2 s · `reply_invalid`",
  },
  "an answer of another form, twice": {
    analysis: "attempt 2, in 1–2 s · `reply_invalid`",
    ssml: template,
    draft: "attempt 2, in 1–2 s · `reply_invalid`",
  },
  "one remark of two that breaks the rules": "completed",
  "a file that the provider cannot read": "fails · `video_unreadable`",
  "a file that is read for minutes": "waits 1–2 s · `provider_pending`",
  "a file that is gone": "attempt 2, in 1–2 s · `provider_rejected`",
  "an upload address elsewhere": "waits 1–2 s · `provider_unavailable`",
  "an upload that is never confirmed": "waits 1–2 s · `provider_unavailable`",
  "no object in Storage": "waits 1–2 s · `video_missing`",
  "Storage is away (reading)": "waits 1–2 s · `internal_error`",
  "invalid SSML": "goes back · `ssml_refused`",
  "a sentence that is too long": "goes back · `ssml_refused`",
  "no voice of this name, nor of the language": "fails · `language_not_spoken`",
  "no audio": "attempt 2, in 1–2 s · `audio_invalid`",
  silence: "attempt 2, in 1–2 s · `audio_silent`",
  "another format": "attempt 2, in 1–2 s · `audio_invalid`",
  "half a header": "attempt 2, in 1–2 s · `audio_invalid`",
  "Storage is away (writing)": "waits 1–2 s · `internal_error`",
  "Storage refuses the audio": "fails · `audio_too_large`",
};

export function expectedOutcome(fault: string, stage: Stage): string {
  const expected = outcomes[fault];
  const outcome = typeof expected === "object" ? expected[stage] : expected;
  if (outcome === undefined) throw new Error(`Nothing is expected of ${fault} at ${stage}.`);
  return outcome;
}
