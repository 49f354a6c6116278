import { createHash, type Hash, randomBytes } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { ApiError } from "../api-error.ts";

export interface UploadStart {
  displayName: string | null;
  mimeType: string;
  /** What the client announced, in bytes; null when it did not. */
  declaredSize: number | null;
}

/** The largest file the Files API takes. */
const LARGEST_FILE = 2 * 1024 ** 3;

/** One resumable upload: bytes are appended to a file as they arrive and hashed on the way. */
export class UploadSession {
  readonly id = randomBytes(12).toString("hex");
  readonly start: UploadStart;
  readonly path: string;
  readonly #hash: Hash = createHash("sha256");
  readonly #file: FileHandle;
  #received = 0;
  #busy = false;

  private constructor(start: UploadStart, path: string, file: FileHandle) {
    this.start = start;
    this.path = path;
    this.#file = file;
  }

  static async open(start: UploadStart, directory: string): Promise<UploadSession> {
    if ((start.declaredSize ?? 0) > LARGEST_FILE) {
      throw new ApiError(400, `File is too large: at most ${LARGEST_FILE} bytes can be uploaded.`);
    }
    const path = join(directory, randomBytes(12).toString("hex"));
    return new UploadSession(start, path, await open(path, "wx"));
  }

  /** Bytes kept so far: where the next chunk must begin. */
  get received(): number {
    return this.#received;
  }

  /**
   * Appends a chunk that claims to begin at `offset`. A client that breaks off keeps what arrived.
   * Returns the chunk's own byte count and hash.
   */
  async append(
    offset: number,
    chunk: AsyncIterable<Uint8Array>,
  ): Promise<{ bytes: number; sha256: string }> {
    if (this.#busy) throw new ApiError(400, "Another chunk of this upload is still arriving.");
    if (offset !== this.#received) {
      throw new ApiError(
        400,
        `Invalid upload offset: the chunk begins at ${offset}, but ${this.#received} bytes were received.`,
      );
    }
    this.#busy = true;
    const chunkHash = createHash("sha256");
    let bytes = 0;
    try {
      for await (const part of chunk) {
        this.#checkRoom(part.byteLength);
        await this.#file.write(part, 0, part.byteLength, this.#received);
        this.#hash.update(part);
        chunkHash.update(part);
        this.#received += part.byteLength;
        bytes += part.byteLength;
      }
    } finally {
      this.#busy = false;
    }
    return { bytes, sha256: chunkHash.digest("hex") };
  }

  /** Closes the file and returns its size and hash. Throws 400 when announced bytes are missing. */
  async finish(): Promise<{ sizeBytes: number; sha256Hex: string }> {
    const { declaredSize } = this.start;
    if (declaredSize !== null && declaredSize !== this.#received) {
      throw new ApiError(
        400,
        `Upload is incomplete: ${declaredSize} bytes were announced, ${this.#received} were received.`,
      );
    }
    await this.#file.close();
    return { sizeBytes: this.#received, sha256Hex: this.#hash.digest("hex") };
  }

  async abandon(): Promise<void> {
    await this.#file.close();
  }

  #checkRoom(more: number): void {
    const limit = this.start.declaredSize ?? LARGEST_FILE;
    if (this.#received + more > limit) {
      throw new ApiError(400, `Upload is too long: only ${limit} bytes were announced.`);
    }
  }
}
