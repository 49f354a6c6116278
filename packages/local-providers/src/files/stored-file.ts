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
}

export type FileOutcome =
  | { state: "PROCESSING" }
  | { state: "ACTIVE"; facts: VideoFacts }
  | { state: "FAILED"; message: string };

/** The file as the Files API shows it. `base` is this server's own address with the API version. */
export function toFileResource(file: StoredFile, base: string): object {
  const { outcome } = file;
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
