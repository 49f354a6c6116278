import { expect, test } from "vitest";
import { chunksOf } from "./chunks.ts";

function streamOf(bytes: Uint8Array, piece: number): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (let at = 0; at < bytes.length; at += piece) {
        controller.enqueue(bytes.subarray(at, at + piece));
      }
      controller.close();
    },
  });
}

const lengths = [0, 1, 2, 3, 4, 5, 7, 8, 9, 12, 13];
const cases = lengths.flatMap((length) =>
  [1, 2, 3, 5, 20].map((piece) => [length, piece] as const),
);

test.each(cases)("%i bytes that come %i at a time leave in pieces of 4", async (length, piece) => {
  const bytes = Uint8Array.from({ length }, (_, index) => index + 1);
  const pieces: { offset: number; bytes: number[]; last: boolean }[] = [];

  for await (const chunk of chunksOf(streamOf(bytes, piece), 4)) {
    pieces.push({ ...chunk, bytes: [...chunk.bytes] });
  }

  expect(pieces.flatMap((chunk) => chunk.bytes)).toEqual([...bytes]);
  expect(pieces.map((chunk) => chunk.offset)).toEqual(pieces.map((_, index) => index * 4));
  expect(pieces.slice(0, -1).every((chunk) => chunk.bytes.length === 4 && !chunk.last)).toBe(true);
  expect(pieces.at(-1)?.last ?? true).toBe(true);
});
