/** A stored file that is read in pieces, never as a whole. */
export interface ByteSource {
  size: number;
  /** Bytes from `start` up to, not including, `end`; both within the file. */
  read(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

/** As `read`, with what lies past the end left out. */
export async function readUpTo(
  source: ByteSource,
  start: number,
  length: number,
): Promise<Uint8Array> {
  const end = Math.min(start + length, source.size);
  return end <= start ? new Uint8Array() : await source.read(start, end);
}

const blockBytes = 4096;

/** The same for many small reads side by side: each brings what is behind it along. */
export function inBlocks(source: ByteSource): ByteSource {
  let [from, block] = [0, new Uint8Array()];
  return {
    size: source.size,
    async read(start, end) {
      if (start < from || end > from + block.length) {
        block = await source.read(start, Math.min(Math.max(end, start + blockBytes), source.size));
        from = start;
      }
      return block.subarray(start - from, end - from);
    },
  };
}

/** Remembers why reading failed: the media library takes that for the end of the file. */
export function watched(source: ByteSource): { source: ByteSource; failure: unknown } {
  const reading: { source: ByteSource; failure: unknown } = {
    failure: undefined,
    source: {
      size: source.size,
      async read(start, end) {
        try {
          return await source.read(start, end);
        } catch (error) {
          reading.failure = error;
          throw error;
        }
      },
    },
  };
  return reading;
}
