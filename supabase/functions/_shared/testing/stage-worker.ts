import {
  analysisClaimSchema,
  audioClaimSchema,
  draftClaimSchema,
  type Stage,
  ssmlClaimSchema,
} from "@sideline/contracts";
import type { DatabaseClient } from "@sideline/database";
import { analyseVideo } from "../../ai-analyze-video/analyse-video.ts";
import { speakFeedback } from "../../audioWorker/speak-feedback.ts";
import { noteDraft } from "../../draftWorker/note-draft.ts";
import { writeBrief } from "../../draftWorker/write-brief.ts";
import { writeSsml } from "../../ssmlWorker/write-ssml.ts";
import type { Log } from "../log.ts";
import { pipelineQueue } from "../pipeline-queue.ts";
import { createGemini } from "../providers/gemini.ts";
import { createGeminiFiles } from "../providers/gemini-files.ts";
import { createSpeechSynthesizer } from "../providers/speech.ts";
import { createStorage } from "../storage.ts";
import type { Queue } from "../worker/queue.ts";
import { runLimits } from "../worker/run-limits.ts";
import { createWorker, type Worker } from "../worker/worker.ts";

export interface StageWorld {
  client: DatabaseClient;
  log: Log;
  provider: { apiKey: string; baseUrl: string };
  storage: { url: string; secretKey: string };
  encoding: "MP3" | "LINEAR16";
  /** Between two looks at a file. */
  sleep(ms: number, signal: AbortSignal): Promise<void>;
  /** Happens instead of handing in a result. */
  insteadOfCompleting?(): never;
}

/** Tests only: the stage's own worker with its real clients, one item at a time. */
export function stageWorker(stage: Stage, world: StageWorld): Worker {
  const { client, log } = world;
  const provider = { ...world.provider, fetch };
  const storage = createStorage({ ...world.storage, fetch });
  const gemini = createGemini({ ...provider, model: "model-1" });
  const files = createGeminiFiles({ ...provider, sleep: world.sleep });
  const speech = createSpeechSynthesizer({ ...provider, encoding: world.encoding });
  const loop = {
    log,
    now: () => performance.now(),
    shutdown: new AbortController().signal,
    concurrency: 1,
    ...runLimits,
    budgetMs: 300_000,
    graceMs: 5_000,
  };
  const on = <Queued extends Pick<Queue<never, never>, "complete">>(queue: Queued): Queued =>
    world.insteadOfCompleting
      ? { ...queue, complete: async () => world.insteadOfCompleting?.() }
      : queue;
  const workers: Record<Stage, () => Worker> = {
    analysis: () =>
      createWorker({
        ...loop,
        queue: on(pipelineQueue(client, "analysis", analysisClaimSchema)),
        process: (claim, attempt) => analyseVideo({ storage, files, gemini }, claim, attempt),
      }),
    ssml: () =>
      createWorker({
        ...loop,
        queue: on(pipelineQueue(client, "ssml", ssmlClaimSchema)),
        process: (claim, attempt) => writeSsml({ gemini }, claim, attempt),
      }),
    audio: () =>
      createWorker({
        ...loop,
        queue: on(pipelineQueue(client, "audio", audioClaimSchema)),
        process: (claim, attempt) => speakFeedback({ speech, storage }, claim, attempt),
      }),
    draft: () =>
      createWorker({
        ...loop,
        queue: on(pipelineQueue(client, "draft", draftClaimSchema)),
        process: (claim, attempt) =>
          writeBrief({ gemini, note: noteDraft(client) }, claim, attempt),
      }),
  };
  return workers[stage]();
}
