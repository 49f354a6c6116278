import { analyseVideo } from "../../ai-analyze-video/analyse-video.ts";
import { StageError } from "../errors.ts";
import type { GeminiFiles, ProviderFile } from "../providers/gemini-files.ts";
import { LeaseLost } from "../worker/abort.ts";
import { analysisClaim } from "./claims.ts";
import { recordedAttempt } from "./recorded-attempt.ts";
import { scriptedGemini } from "./scripted-gemini.ts";

export const remark = {
  start_seconds: 4,
  end_seconds: 7,
  category: "activity",
  severity: "medium",
  confidence: 0.8,
  message: "A burst.",
  drill: null,
};
export const reply = { title: "T", summary: "S", confidence: 0.5, metrics: [], feedback: [remark] };

export interface Situation {
  object?: { text: string; size?: number | null; version?: string } | null;
  duration?: string | null;
  unreadable?: boolean;
  pending?: boolean;
  /** Files that the provider has from an earlier attempt. */
  there?: string[];
  /** Keeping fails. */
  lostLease?: boolean;
  replies?: Parameters<typeof scriptedGemini>;
}

/** Tests only: a storage with one object and a provider that holds what was uploaded. */
export function setUp(situation: Situation) {
  const { object = { text: "video bytes" }, duration = "20.0s", replies = [reply] } = situation;
  const held = new Map<string, { text: string; mimeType: string; displayName: string }>();
  const there = new Set(situation.there);
  const deleted: string[] = [];
  const gemini = scriptedGemini(...replies);
  const files: GeminiFiles = {
    async upload({ body, mimeType, displayName }) {
      held.set("files/a", { text: await new Response(body).text(), mimeType, displayName });
      return { name: "files/a", uri: "https://provider/files/a", mimeType, state: "PROCESSING" };
    },
    async find(name) {
      const uri = `https://provider/${name}`;
      return there.has(name) ? { name, uri, mimeType: "video/mp4", state: "PROCESSING" } : null;
    },
    async waitUntilActive(file): Promise<ProviderFile> {
      if (situation.pending) {
        throw new StageError("provider_pending", "defer");
      }
      if (situation.unreadable) {
        throw new StageError("video_unreadable", "fail");
      }
      return {
        ...file,
        state: "ACTIVE",
        videoMetadata: duration === null ? {} : { videoDuration: duration },
      };
    },
    async delete(file) {
      deleted.push(file.name);
    },
  };
  const storage = {
    exists: async () => true,
    put: async () => undefined,
    async open(bucket: string, path: string) {
      if (object === null || bucket !== "raw" || path !== analysisClaim.storage_path) return null;
      const body = new Blob([object.text]).stream();
      const size = object.size === undefined ? object.text.length : object.size;
      return { body, size, version: object.version ?? "v1" };
    },
  };
  const attempt = recordedAttempt();
  if (situation.lostLease) attempt.keep = () => Promise.reject(new LeaseLost());
  const run = (claim = analysisClaim) => analyseVideo({ storage, files, gemini }, claim, attempt);
  return { run, held, deleted, gemini, attempt };
}
