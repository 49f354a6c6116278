import { randomInt } from "node:crypto";
import { rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { ApiError } from "../api-error.ts";
import { Inspector } from "../video/inspector.ts";
import { UnreadableVideoError } from "../video/unreadable-video.ts";
import type { ForcedOutcome, StoredFile } from "./stored-file.ts";
import { makeTemporaryFolder } from "./temporary-folder.ts";
import { UploadSession, type UploadStart } from "./upload-session.ts";

/** How long a file is kept, as the Files API keeps it. */
const LIFETIME_MS = 48 * 3600 * 1000;

export interface FileStoreOptions {
  /** How long a finished upload stays PROCESSING at least; default 0. */
  processingMs?: number;
  /** Default 48 hours. */
  lifetimeMs?: number;
  /** Where the folder of uploads is made; default: the system's place for temporary files. */
  directory?: string;
}

/** Uploads and uploaded files, in a temporary folder that {@link FileStore.close} deletes. */
export class FileStore {
  readonly #directory: string;
  readonly #processingMs: number;
  readonly #lifetimeMs: number;
  readonly #sessions = new Map<string, UploadSession>();
  readonly #finished = new Map<string, StoredFile>();
  readonly #files = new Map<string, StoredFile>();
  readonly #inspector: Inspector;
  readonly #inspections = new Set<Promise<void>>();

  private constructor(directory: string, options: FileStoreOptions) {
    this.#directory = directory;
    this.#processingMs = options.processingMs ?? 0;
    this.#lifetimeMs = options.lifetimeMs ?? LIFETIME_MS;
    this.#inspector = new Inspector();
  }

  static async open(options: FileStoreOptions = {}): Promise<FileStore> {
    return new FileStore(await makeTemporaryFolder(options.directory ?? tmpdir()), options);
  }

  async startUpload(start: UploadStart): Promise<UploadSession> {
    const session = await UploadSession.open(start, this.#directory);
    this.#sessions.set(session.id, session);
    return session;
  }

  /** Throws 404 for an upload that never began, is finished, or was cancelled. */
  session(id: string): UploadSession {
    const session = this.#sessions.get(id);
    if (session === undefined) throw new ApiError(404, `Upload ${id} does not exist.`);
    return session;
  }

  /**
   * The file a finished upload became, or null. A client that lost the last answer asks again and
   * must be told the same.
   */
  finished(uploadId: string): StoredFile | null {
    return this.#finished.get(uploadId) ?? null;
  }

  /** Ends an upload and begins to look into the file, which is PROCESSING meanwhile. */
  async finishUpload(session: UploadSession): Promise<StoredFile> {
    const { sizeBytes, sha256Hex } = await session.finish();
    this.#sessions.delete(session.id);
    const now = new Date();
    const file: StoredFile = {
      id: randomFileId(),
      path: session.path,
      displayName: session.start.displayName,
      mimeType: session.start.mimeType,
      sizeBytes,
      sha256Hex,
      createdAt: now,
      updatedAt: now,
      expiresAt: new Date(now.getTime() + this.#lifetimeMs),
      outcome: { state: "PROCESSING" },
    };
    this.#files.set(file.id, file);
    this.#finished.set(session.id, file);
    const inspection = this.#inspect(file).finally(() => this.#inspections.delete(inspection));
    this.#inspections.add(inspection);
    return file;
  }

  async cancelUpload(session: UploadSession): Promise<void> {
    this.#sessions.delete(session.id);
    await session.abandon();
    await rm(session.path, { force: true });
  }

  /** Throws 403 for an unknown or expired file: the Files API does not tell the two apart. */
  file(id: string): StoredFile {
    const file = this.#files.get(id);
    if (file !== undefined && file.expiresAt > new Date()) return file;
    if (file !== undefined) void this.#forget(file);
    throw new ApiError(
      403,
      `You do not have permission to access the File ${id} or it may not exist.`,
    );
  }

  /** As {@link file}, for a client that looks how far it is. */
  look(id: string): StoredFile {
    const file = this.file(id);
    const seen = { ...file, ...(file.forced && { forced: { ...file.forced } }) };
    const { forced } = file;
    if (forced !== undefined && "looks" in forced && forced.looks !== null) forced.looks -= 1;
    return seen;
  }

  /** Makes a file be something else than it is, for tests of those who use it. */
  force(id: string, forced: ForcedOutcome): void {
    this.file(id).forced = forced;
  }

  /** Newest first. */
  list(): StoredFile[] {
    const now = new Date();
    return [...this.#files.values()].filter((file) => file.expiresAt > now).reverse();
  }

  async delete(id: string): Promise<void> {
    await this.#forget(this.file(id));
  }

  async close(): Promise<void> {
    for (const session of this.#sessions.values()) await session.abandon();
    this.#sessions.clear();
    this.#files.clear();
    this.#inspector.stop();
    await Promise.allSettled(this.#inspections);
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #inspect(file: StoredFile): Promise<void> {
    if (this.#processingMs > 0) await new Promise((done) => setTimeout(done, this.#processingMs));
    try {
      file.outcome = { state: "ACTIVE", facts: await this.#inspector.inspect(file.path) };
    } catch (error) {
      const isKnown = error instanceof UnreadableVideoError;
      const message = isKnown ? error.message : "The video could not be read.";
      if (!isKnown && this.#files.has(file.id)) console.error("inspecting a file failed:", error);
      file.outcome = { state: "FAILED", message };
    }
    file.updatedAt = new Date();
  }

  async #forget(file: StoredFile): Promise<void> {
    this.#files.delete(file.id);
    for (const [uploadId, made] of this.#finished) {
      if (made === file) this.#finished.delete(uploadId);
    }
    await rm(file.path, { force: true });
  }
}

function randomFileId(): string {
  const letters = "abcdefghijklmnopqrstuvwxyz0123456789";
  return Array.from({ length: 12 }, () => letters[randomInt(letters.length)]).join("");
}
