import {
  type AnalysisWishes,
  changesBetween,
  createSideline,
  type RecordingState,
  type Sideline,
  SidelineError,
  whenSettled,
} from "@sideline/client";
import type { Stack } from "@sideline/local-stack";
import { type Clip, openClip } from "./clip.ts";
import { collectCost } from "./collect-cost.ts";
import { collectFeedback } from "./collect-result.ts";
import { DemoFailure, type DemoResult, type DemoTimings } from "./demo-result.ts";
import { makeVideo } from "./make-video.ts";
import type { DemoOptions } from "./options.ts";
import { formatBytes, progressBar } from "./screen/progress-bar.ts";
import type { Screen } from "./screen/screen.ts";
import { showChange, showFeedback, showTimeline, showWait } from "./show.ts";
import { signInDemoUser } from "./sign-in.ts";
import { checkedRequest, workOutBrief } from "./work-out-brief.ts";

/** Gives up when nothing has changed for so long and nothing is known to wait. */
const patienceMs = 120_000;

/**
 * The main job, as an app would do it: sign in, upload, watch, listen.
 * @param boot starts the stack; its time is part of the result
 * @throws DemoFailure where the clip cannot be analysed
 */
export async function runDemo(
  options: DemoOptions,
  screen: Screen,
  boot: () => Promise<Pick<Stack, "apiUrl" | "publishableKey" | "secretKey">>,
): Promise<DemoResult> {
  const started = Date.now();
  const request = options.brief === undefined ? null : checkedRequest(options.brief);
  const clip = await openClip(options.video);
  const stack = await boot();
  const booted = Date.now();
  screen.line(`Embedded Supabase on ${stack.apiUrl} after ${seconds(booted - started)}`);

  const sideline = createSideline(await signInDemoUser(stack.apiUrl, stack.publishableKey));
  await chooseVoice(sideline, options.voice);
  const session = request === null ? null : await workOutBrief(sideline, request, screen);
  const uploadStarted = Date.now();
  const wishes = {
    ...(options.language === undefined ? {} : { language: options.language }),
    ...(session === null ? {} : { sessionId: session.id }),
  };
  const recordingId = await upload(sideline, clip, wishes, screen);
  const uploaded = Date.now();
  screen.line(
    `${clip.name}, ${formatBytes(clip.size)}, uploaded in ${seconds(uploaded - uploadStarted)}`,
  );
  screen.line();

  const { last, analysis, firstAudio } = await follow(sideline, recordingId, uploaded, screen);
  if (!last.job) throw new DemoFailure("internal_error", "No analysis began.", { recordingId });
  if (last.job.status === "failed") throw analysisFailure(last, clip.name);

  const result: DemoResult = {
    recordingId,
    jobId: last.job.id,
    status: last.job.status,
    model: last.job.model,
    durationSeconds: last.recording?.durationSeconds ?? null,
    feedback: await collectFeedback(sideline.supabase, last, options.outDirectory),
    ...(session && {
      session: { ...session, revision: last.job.sessionRevision, summary: last.job.summary },
    }),
    cost: await collectCost(stack, recordingId),
    timingsMs: {
      boot: booted - started,
      upload: uploaded - uploadStarted,
      analysis,
      firstAudio,
      total: Date.now() - started,
    },
  };
  screen.line();
  if (result.durationSeconds) showTimeline(screen, result.durationSeconds, last.feedback);
  screen.line();
  showFeedback(screen, result);
  screen.line();
  if (options.render) {
    result.video = await makeVideo(sideline, recordingId, options, screen);
    const { file, durationSeconds, milliseconds } = result.video;
    screen.line(`  ▶ ${file}, ${durationSeconds.toFixed(1)} s, made in ${seconds(milliseconds)}`);
    screen.line();
    result.timingsMs.total = Date.now() - started;
  }
  screen.line(closingLine(result));
  return result;
}

/** By its name; without one the language decides, whatever an earlier run has chosen. */
async function chooseVoice(sideline: Sideline, name: string | undefined): Promise<void> {
  if (name === undefined) return await sideline.chooseVoice(null);
  const voices = await sideline.listVoices();
  const voice = voices.find((one) => one.name.toLowerCase() === name.toLowerCase());
  if (voice) return await sideline.chooseVoice(voice.id);
  const known = voices.map((one) => `${one.name} (${one.language})`).join(", ");
  throw new DemoFailure("not_found", `There is no voice ${JSON.stringify(name)}: ${known}.`);
}

/**
 * @returns id of the recording, whose upload is complete
 * @throws DemoFailure where Storage refused the file; the recording and its job say why
 */
async function upload(
  sideline: Sideline,
  clip: Clip,
  wishes: AnalysisWishes,
  screen: Screen,
): Promise<number> {
  const { store, whenDone } = sideline.upload(clip.content, { name: clip.name, ...wishes });
  store.subscribe(({ sentBytes }) => {
    const share = clip.size > 0 ? sentBytes / clip.size : 1;
    screen.live(
      `Uploading ${progressBar(30, share)} ${formatBytes(sentBytes)} of ${formatBytes(clip.size)}`,
    );
  });
  try {
    return await whenDone();
  } catch (error) {
    const { recordingId } = store.getState();
    if (!(error instanceof SidelineError) || recordingId === null) throw error;
    const watched = sideline.watchRecording(recordingId);
    const { job } = await whenSettled(watched.store, { patienceMs });
    await watched.stop();
    throw new DemoFailure(error.code, error.message, { recordingId, jobId: job?.id ?? null });
  }
}

/** Shows every change until nothing more will change. Times are milliseconds after the upload. */
async function follow(
  sideline: Sideline,
  recordingId: number,
  uploaded: number,
  screen: Screen,
): Promise<{ last: RecordingState } & Pick<DemoTimings, "analysis" | "firstAudio">> {
  const watched = sideline.watchRecording(recordingId);
  let analysis = 0;
  let firstAudio: number | null = null;
  const show = (state: RecordingState, before: RecordingState) => {
    if (state.connection === "polling" && before.connection !== "polling") {
      screen.line("There is no subscription, so the rows are read again and again.");
    }
    const elapsed = Date.now() - uploaded;
    for (const change of changesBetween(before, state)) {
      showChange(screen, { change, state }, elapsed);
      if (change.subject === "analysis" && change.to === "completed") analysis = elapsed;
      if (change.subject === "audio" && change.to === "completed") firstAudio ??= elapsed;
    }
  };
  watched.store.subscribe(show);
  const ticking = setInterval(() => showWait(screen, watched.store.getState()), 1_000);
  const last = await whenSettled(watched.store, { patienceMs }).finally(() =>
    clearInterval(ticking),
  );
  await watched.stop();
  return { last, analysis, firstAudio };
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
