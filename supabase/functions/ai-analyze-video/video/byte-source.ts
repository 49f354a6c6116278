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
