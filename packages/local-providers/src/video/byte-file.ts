import type { FileHandle } from "node:fs/promises";

const PAGE_BYTES = 65_536;

/** A file of which small pieces are read in ascending order mostly; one page of it is kept. */
export class ByteFile {
  readonly #file: FileHandle;
  readonly size: number;
  #page = new Uint8Array();
  #pageAt = 0;

  constructor(file: FileHandle, size: number) {
    this.#file = file;
    this.size = size;
  }

  /** Up to `length` bytes, fewer at the file's end. Valid until the next call. */
  async read(at: number, length: number): Promise<Uint8Array> {
    const offset = at - this.#pageAt;
    if (offset >= 0 && offset + length <= this.#page.length) {
      return this.#page.subarray(offset, offset + length);
    }
    this.#page = await this.readFresh(at, Math.max(PAGE_BYTES, length));
    this.#pageAt = at;
    return this.#page.subarray(0, length);
  }

  /** Bytes of the caller's own, fewer at the file's end. */
  async readFresh(at: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const bytes = new Uint8Array(Math.max(0, Math.min(length, this.size - at)));
    // An offset that a file names may be too large to be asked for.
    if (bytes.length === 0) return bytes;
    const { bytesRead } = await this.#file.read(bytes, 0, bytes.length, at);
    return bytes.subarray(0, bytesRead);
  }
}
