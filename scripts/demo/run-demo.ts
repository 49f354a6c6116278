import type { Stack } from "@sideline/local-stack";
import { openClip } from "./clip.ts";
import { collectFeedback } from "./collect-result.ts";
import { DemoFailure, type DemoResult } from "./demo-result.ts";
import { follow } from "./follow.ts";
import type { DemoOptions } from "./options.ts";
import type { RecordingState } from "./recording-state.ts";
import { formatBytes, progressBar } from "./screen/progress-bar.ts";
import type { Screen } from "./screen/screen.ts";
import { showChange, showFeedback, showTimeline } from "./show.ts";
import { signInDemoUser } from "./sign-in.ts";
import { uploadClip } from "./upload-clip.ts";
import { watchRecording } from "./watch-recording.ts";

/**
 * The main job, as an app would do it: sign in, upload, watch, listen.
 * @param boot starts the stack; its time is part of the result
 * @throws DemoFailure where the clip cannot be analysed
 */
export async function runDemo(
  options: DemoOptions,
  screen: Screen,
  boot: () => Promise<Stack>,
): Promise<DemoResult> {
  const started = Date.now();
  const clip = await openClip(options.video);
  const stack = await boot();
  const booted = Date.now();
  screen.line(`Embedded Supabase on ${stack.apiUrl} after ${seconds(booted - started)}`);

  const user = await signInDemoUser(stack.apiUrl, stack.publishableKey);
  const uploadStarted = Date.now();
  const recordingId = await uploadClip(clip, user, stack, (sent) => {
    const share = clip.size > 0 ? sent / clip.size : 1;
    screen.live(
      `Uploading ${progressBar(30, share)} ${formatBytes(sent)} of ${formatBytes(clip.size)}`,
    );
  });
  const uploaded = Date.now();
  screen.line(
    `${clip.name}, ${formatBytes(clip.size)}, uploaded in ${seconds(uploaded - uploadStarted)}`,
  );
  screen.line();

  let last: RecordingState | null = null;
  let analysed = uploaded;
  let heard: number | null = null;
  const states = watchRecording(user.client, recordingId, (reason) =>
    screen.line(`There is no subscription, so the rows are read again and again: ${reason}`),
  );
  for await (const progress of follow(states)) {
    const { change, state } = progress;
    const elapsed = Date.now() - uploaded;
    showChange(screen, progress, elapsed);
    if (change.subject === "analysis" && change.to === "completed") analysed = Date.now();
    if (change.subject === "audio" && change.to === "completed") heard ??= elapsed;
    last = state;
  }
  if (!last?.job) throw new DemoFailure("internal_error", "No analysis began.", { recordingId });
  if (last.job.status === "failed") throw analysisFailure(last, clip.name);

  const result: DemoResult = {
    recordingId,
    jobId: last.job.id,
    status: last.job.status,
    model: last.job.model,
    durationSeconds: last.durationSeconds,
    feedback: await collectFeedback(user.client, last, options.outDirectory),
    timingsMs: {
      boot: booted - started,
      upload: uploaded - uploadStarted,
      analysis: analysed - uploaded,
      firstAudio: heard,
      total: Date.now() - started,
    },
  };
  screen.line();
  if (last.durationSeconds) showTimeline(screen, last.durationSeconds, last.feedback);
  screen.line();
  showFeedback(screen, result);
  screen.line();
  screen.line(closingLine(result));
  return result;
}

function analysisFailure({ job, recordingId }: RecordingState, clipName: string): DemoFailure {
  const code = job?.errorCode ?? "internal_error";
  const reason = job?.lastError ?? "the analysis failed without a reason";
  return new DemoFailure(code, `${clipName} could not be analysed: ${reason}`, {
    recordingId,
    jobId: job?.id ?? null,
  });
}

function closingLine({ feedback, timingsMs }: DemoResult): string {
  const audible = feedback.filter(({ audio }) => audio.length > 0).length;
  const first =
    timingsMs.firstAudio === null
      ? ""
      : `, the first ${seconds(timingsMs.firstAudio)} after the upload`;
  return `${audible} of ${feedback.length} feedback can be heard${first}; ${seconds(timingsMs.total)} in all.`;
}

function seconds(milliseconds: number): string {
  return `${(milliseconds / 1000).toFixed(1)} s`;
}
