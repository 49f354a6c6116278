import type { FileHandle } from "node:fs/promises";

const chunkBytes = 256 * 1024;

/**
 * Bytes `start` to `end` (included) of a file, read only as fast as they are taken.
 * Closes the file at its end, on failure, and when the reader goes away.
 */
export function streamFile(
  handle: FileHandle,
  start: number,
  end: number,
): ReadableStream<Uint8Array<ArrayBuffer>> {
  let position = start;
  return new ReadableStream({
    async pull(controller) {
      try {
        const chunk = new Uint8Array(Math.min(chunkBytes, end + 1 - position));
        const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
        if (bytesRead === 0) throw new Error("the file is shorter than it was");
        position += bytesRead;
        controller.enqueue(chunk.subarray(0, bytesRead));
        if (position <= end) return;
      } catch (error) {
        await handle.close();
        throw error;
      }
      await handle.close();
      controller.close();
    },
    cancel: () => handle.close(),
  });
}
