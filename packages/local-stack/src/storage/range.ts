import { invalidRange } from "./errors.ts";

/** Bytes of an object, both ends included. */
export interface ByteRange {
  start: number;
  end: number;
}

/**
 * The one range a request asks for, or null for the whole object. Several ranges at once and
 * headers that cannot be read are answered with the whole object, as RFC 9110 allows.
 * @throws StorageError 416 where the range lies behind the object's end
 */
export function parseRange(header: string | null, size: number): ByteRange | null {
  const [, first, last] = /^bytes=(\d*)-(\d*)$/.exec(header?.trim() ?? "") ?? [];
  if (first === undefined || last === undefined || (first === "" && last === "")) return null;

  if (first === "") {
    const suffix = Number(last);
    if (suffix === 0 || size === 0) throw invalidRange(size);
    return { start: Math.max(0, size - suffix), end: size - 1 };
  }

  const start = Number(first);
  const end = last === "" ? size - 1 : Math.min(Number(last), size - 1);
  if (last !== "" && Number(last) < start) return null;
  if (start >= size) throw invalidRange(size);
  return { start, end };
}
