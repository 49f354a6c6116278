import { CustomSource } from "mediabunny";
import type { ByteFile } from "./byte-file.ts";
import type { EditList } from "./edit-list.ts";

/** How a file is laid out, as far as players look: what follows `end` is no part of it. */
export interface MediaLayout {
  end: number;
  /** Bytes that the reader is shown in place of the file's own, or behind them. */
  patches: Patch[];
  /** With these in addition it is shown the frames that it passes over otherwise; null: there are none. */
  secondPatches: Patch[] | null;
  /** Whether the file promises more bytes than it has. */
  isCut: boolean;
  /** What the container says; null where it says nothing. */
  durationSeconds: number | null;
  /** By track number. Where a track has none, its own times are those that a player shows. */
  edits: ReadonlyMap<number, EditList>;
  /** Whether times count from zero, rather than from the first frame of all tracks. */
  startsAtZero: boolean;
}

export interface Patch {
  at: number;
  bytes: Uint8Array;
}

/** For containers whose layout nothing has to be known of beforehand. */
export function plainLayout(size: number): MediaLayout {
  return {
    end: size,
    patches: [],
    secondPatches: null,
    isCut: false,
    durationSeconds: null,
    edits: new Map(),
    startsAtZero: false,
  };
}

/** What the reader of tracks and frames gets to see of a file. */
export function viewOf(
  file: ByteFile,
  { end }: MediaLayout,
  patches: readonly Patch[],
): CustomSource {
  return new CustomSource({
    getSize: () => end,
    read: async (start, stop) => {
      const bytes = new Uint8Array(stop - start);
      bytes.set(await file.readFresh(start, stop - start));
      for (const patch of patches) overlay(bytes, start, patch);
      return bytes;
    },
    prefetchProfile: "fileSystem",
    // What fails while nothing waits for it (reading ahead) fails again where something does.
    handleUnhandledError: () => {},
  });
}

function overlay(bytes: Uint8Array, start: number, patch: Patch): void {
  const from = Math.max(start, patch.at);
  const to = Math.min(start + bytes.length, patch.at + patch.bytes.length);
  if (from < to) bytes.set(patch.bytes.subarray(from - patch.at, to - patch.at), from - start);
}
