/** A piece of a stream. `bytes` is only valid until the next piece is asked for. */
export interface Chunk {
  offset: number;
  bytes: Uint8Array<ArrayBuffer>;
  last: boolean;
}

/**
 * Cuts a stream into pieces of exactly `size` bytes, the last one shorter or equal. Only one piece
 * is held: its buffer is used again for the next. A stream without bytes gives no piece. Leaving
 * the loop early cancels the stream.
 */
export async function* chunksOf(
  stream: ReadableStream<Uint8Array>,
  size: number,
): AsyncGenerator<Chunk, void, void> {
  const buffer = new Uint8Array(size);
  let filled = 0;
  let offset = 0;
  for await (const part of stream.values()) {
    let rest = part;
    while (rest.length > 0) {
      // A full buffer is only handed out once more bytes came: the last piece must know it is last.
      if (filled === size) {
        yield { offset, bytes: buffer, last: false };
        offset += size;
        filled = 0;
      }
      const taken = rest.subarray(0, size - filled);
      buffer.set(taken, filled);
      filled += taken.length;
      rest = rest.subarray(taken.length);
    }
  }
  if (filled > 0) yield { offset, bytes: buffer.subarray(0, filled), last: true };
}
