import type { VideoFacts } from "../video/inspect-video.ts";

/** An uploaded file: its bytes lie at `path`, what was found in them in `outcome`. */
export interface StoredFile {
  /** Without the `files/` in front. */
  id: string;
  path: string;
  displayName: string | null;
  mimeType: string;
  sizeBytes: number;
  sha256Hex: string;
  createdAt: Date;
  updatedAt: Date;
  expiresAt: Date;
  outcome: FileOutcome;
  /** What a fault makes of it, whatever it is. */
  forced?: ForcedOutcome;
}

/** FAILED with a message; or PROCESSING for so many looks, or until then (milliseconds). */
export type ForcedOutcome = { failed: string } | { looks: number | null; until: number | null };

export type FileOutcome =
  | { state: "PROCESSING" }
  | { state: "ACTIVE"; facts: VideoFacts }
  | { state: "FAILED"; message: string };

/** What has become of the file, as clients are to see it. */
export function outcomeOf({ outcome, forced }: StoredFile): FileOutcome {
  if (forced === undefined) return outcome;
  if ("failed" in forced) return { state: "FAILED", message: forced.failed };
  const { looks, until } = forced;
  const isHeld = (looks ?? 0) > 0 || (until ?? 0) > Date.now();
  return isHeld ? { state: "PROCESSING" } : outcome;
}

/** The file as the Files API shows it. `base` is this server's own address with the API version. */
export function toFileResource(file: StoredFile, base: string): object {
  const outcome = outcomeOf(file);
  return {
    name: `files/${file.id}`,
    ...(file.displayName === null ? {} : { displayName: file.displayName }),
    mimeType: file.mimeType,
    sizeBytes: `${file.sizeBytes}`,
    createTime: file.createdAt.toISOString(),
    updateTime: file.updatedAt.toISOString(),
    expirationTime: file.expiresAt.toISOString(),
    // The Files API encodes the hash's hexadecimal text, not its bytes.
    sha256Hash: Buffer.from(file.sha256Hex).toString("base64"),
    uri: `${base}/files/${file.id}`,
    state: outcome.state,
    source: "UPLOADED",
    ...(outcome.state === "ACTIVE"
      ? { videoMetadata: { videoDuration: `${round(outcome.facts.durationSeconds)}s` } }
      : {}),
    ...(outcome.state === "FAILED" ? { error: { code: 3, message: outcome.message } } : {}),
  };
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
