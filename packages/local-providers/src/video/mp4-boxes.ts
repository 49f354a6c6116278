import type { ByteFile } from "./byte-file.ts";

/** A box of an MP4, MOV or 3GP file. Offsets in the file; `end` may lie behind the file's end. */
export interface Box {
  type: string;
  start: number;
  contentStart: number;
  end: number;
}

/** The box at `at`, or null where there is none: fewer than 8 bytes, or an impossible length. */
export async function readBox(file: ByteFile, at: number, limit: number): Promise<Box | null> {
  const header = await file.read(at, 16);
  if (header.length < 8 || at + 8 > limit) return null;
  const view = new DataView(header.buffer, header.byteOffset, header.length);
  const type = String.fromCharCode(...header.subarray(4, 8));
  const short = view.getUint32(0);
  const headerLength = short === 1 ? 16 : 8;
  if (header.length < headerLength) return null;
  // 1: 64 bits follow the type. 0: up to the end.
  const length = short === 0 ? limit - at : short === 1 ? Number(view.getBigUint64(8)) : short;
  if (length < headerLength) return null;
  return { type, start: at, contentStart: at + headerLength, end: at + length };
}

/** The boxes inside one that holds boxes, as far as they are whole. */
export async function childBoxes(file: ByteFile, parent: Box): Promise<Box[]> {
  const boxes: Box[] = [];
  for (let at = parent.contentStart; at < parent.end; ) {
    const box = await readBox(file, at, parent.end);
    if (box === null || box.end > parent.end) break;
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** Reads the fixed fields of a box, big-endian, in order. Past the end it gives zeros. */
export class BoxFields {
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  static async of(file: ByteFile, box: Box, most: number): Promise<BoxFields> {
    const length = Math.min(most, box.end - box.contentStart);
    return new BoxFields(await file.readFresh(box.contentStart, length));
  }

  get rest(): number {
    return this.#view.byteLength - this.#at;
  }

  skip(bytes: number): void {
    this.#at += bytes;
  }

  /** An unsigned number of 1, 2, 4 or 8 bytes. */
  unsigned(bytes: 1 | 2 | 4 | 8): number {
    const at = this.#take(bytes);
    if (at === null) return 0;
    if (bytes === 8) return Number(this.#view.getBigUint64(at));
    if (bytes === 4) return this.#view.getUint32(at);
    return bytes === 2 ? this.#view.getUint16(at) : this.#view.getUint8(at);
  }

  signed(bytes: 2 | 4 | 8): number {
    const at = this.#take(bytes);
    if (at === null) return 0;
    if (bytes === 8) return Number(this.#view.getBigInt64(at));
    return bytes === 4 ? this.#view.getInt32(at) : this.#view.getInt16(at);
  }

  #take(bytes: number): number | null {
    const at = this.#at;
    this.#at += bytes;
    return this.#at > this.#view.byteLength ? null : at;
  }
}
