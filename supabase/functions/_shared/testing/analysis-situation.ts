import { type AnalyseVideoDeps, analyseVideo } from "../../ai-analyze-video/analyse-video.ts";
import { StageError } from "../errors.ts";
import type { ProviderFile } from "../providers/gemini-file.ts";
import type { Upload } from "../providers/gemini-upload.ts";
import { LeaseLost } from "../worker/abort.ts";
import { analysisClaim } from "./claims.ts";
import { recordedAttempt } from "./recorded-attempt.ts";
import { sampleClip } from "./recordings.ts";
import { scriptedGemini } from "./scripted-gemini.ts";

/** The sample clip: 20 seconds of H.264 in MP4. */
export const clip = await sampleClip();

export const remark = {
  start_seconds: 4,
  end_seconds: 7,
  category: "activity",
  severity: "medium",
  confidence: 0.8,
  message: "A burst.",
  drill: null,
  rule_id: null,
};
export const reply = { title: "T", summary: "S", confidence: 0.5, metrics: [], feedback: [remark] };

export interface Situation {
  /** What lies in Storage; the sample clip of 20 seconds unless told. */
  object?: { bytes?: Uint8Array<ArrayBuffer>; size?: number; version?: string } | null;
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
  const { object = {}, duration = "20.0s", replies = [reply] } = situation;
  const held = new Map<
    string,
    Pick<Upload, "mimeType" | "displayName" | "size" | "begun"> & { bytes: Uint8Array }
  >();
  const there = new Set(situation.there);
  const deleted: string[] = [];
  const gemini = scriptedGemini(...replies);
  const files: AnalyseVideoDeps["files"] = {
    async upload({ read, mimeType, displayName, size, begun }) {
      const bytes = await read(0, size);
      held.set("files/a", { bytes, mimeType, displayName, size, begun });
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
  const bytes = object?.bytes ?? clip;
  const version = object?.version ?? "v1";
  const size = object?.size ?? bytes.length;
  const isThere = (name: string, path: string) =>
    object !== null && name === "raw" && path === analysisClaim.storage_path;
  const storage = {
    exists: async () => true,
    put: async () => undefined,
    open: async () => null,
    async read(place: { bucket: string; path: string; start: number; end: number }) {
      if (!isThere(place.bucket, place.path)) return null;
      return { bytes: bytes.slice(place.start, place.end), size, version };
    },
  };
  const attempt = recordedAttempt();
  if (situation.lostLease) attempt.keep = () => Promise.reject(new LeaseLost());
  const run = (claim = analysisClaim) => analyseVideo({ storage, files, gemini }, claim, attempt);
  return { run, held, deleted, gemini, attempt };
}
