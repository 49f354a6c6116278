/** One file's way to Storage by the resumable protocol. The library is loaded when it is needed. */
import type { Database } from "@sideline/database";
import type { SupabaseClient } from "@supabase/supabase-js";
import type {
  DetailedError,
  HttpRequest,
  HttpResponse,
  PreviousUpload,
  Upload,
  UrlStorage,
} from "tus-js-client";
import { SidelineError } from "../sideline-error.ts";

/** The chunk size that Supabase asks resumable uploads to use. */
const chunkSize = 6 * 1024 * 1024;
const retryDelays = [0, 500, 2_000, 5_000];

/** The library, and where it keeps the addresses of unfinished uploads. */
export interface Tus {
  library: typeof import("tus-js-client");
  urls: UrlStorage;
}

/** @param urls by default the browser's localStorage; elsewhere nothing is kept */
export async function loadTus(urls?: UrlStorage): Promise<Tus> {
  const library = await import("tus-js-client");
  return { library, urls: urls ?? library.defaultOptions.urlStorage };
}

export interface TransferRequest {
  client: SupabaseClient<Database>;
  apiUrl: string;
  key: string;
  file: Blob;
  fingerprint: string;
  objectName: string;
  mimeType: string;
  /** Where an earlier upload of the same file ended. */
  previous: PreviousUpload | null;
  onProgress(sentBytes: number): void;
  onSuccess(): void;
  onError(error: Error | DetailedError): void;
}

/** @returns not started yet */
export function createTransfer({ library, urls }: Tus, request: TransferRequest): Upload {
  const { client, file } = request;
  const token = renewedToken(client);
  const upload = new library.Upload(file, {
    endpoint: `${request.apiUrl}/storage/v1/upload/resumable`,
    headers: { apikey: request.key },
    metadata: {
      bucketName: "raw",
      objectName: request.objectName,
      contentType: request.mimeType,
      cacheControl: "3600",
    },
    uploadSize: file.size,
    chunkSize,
    // An empty file has no data that a creation could carry: the client would read before it.
    uploadDataDuringCreation: file.size > 0,
    retryDelays,
    fingerprint: async () => request.fingerprint,
    urlStorage: urls,
    removeFingerprintOnSuccess: true,
    ...("FileUrlStorage" in library ? { fileReader: blobReader } : {}),
    // Each chunk is sent with the token of its moment: an upload may outlive the one it began with.
    onBeforeRequest: (sent) => token.put(sent),
    onAfterResponse(sent, response) {
      token.check(sent, response);
      const status = response.getStatus();
      // The library would take it as "there is no such upload" and begin anew.
      if (sent.getMethod() === "HEAD" && status >= 400 && isPassing(status)) {
        throw new Error(`Storage answered with status ${status}.`);
      }
    },
    onShouldRetry(error) {
      if (error.causingError instanceof SidelineError) return token.isToBeRenewed();
      return isPassing(error.originalResponse?.getStatus() ?? 0);
    },
    onProgress: (sent) => request.onProgress(sent),
    onSuccess: () => request.onSuccess(),
    onError: (error) => request.onError(error),
  });
  if (request.previous) upload.resumeFromPreviousUpload(request.previous);
  return upload;
}

/** No answer, or one that may be another one soon. */
function isPassing(status: number): boolean {
  return status < 400 || status >= 500 || status === 409 || status === 423 || status === 429;
}

/**
 * The session's token, as fresh as supabase-js keeps it. Where the device's clock is wrong it may
 * have ended all the same; then one more is asked for, once.
 */
function renewedToken(client: SupabaseClient<Database>) {
  let state: "trusted" | "to be renewed" | "renewed" = "trusted";
  return {
    isToBeRenewed: () => state === "to be renewed",
    async put(request: HttpRequest): Promise<void> {
      const { data } =
        state === "to be renewed"
          ? await client.auth.refreshSession()
          : await client.auth.getSession();
      if (state === "to be renewed") state = "renewed";
      const token = data.session?.access_token;
      if (token) request.setHeader("authorization", `Bearer ${token}`);
    },
    /** @throws SidelineError `unauthorized` where the token was refused */
    check(request: HttpRequest, response: HttpResponse): void {
      const status = response.getStatus();
      if (status < 400) {
        state = "trusted";
      } else if (status === 401 || (state !== "renewed" && isAboutToken(request, response))) {
        state = state === "renewed" ? "renewed" : "to be renewed";
        throw new SidelineError("unauthorized", "Storage refused the session's token.", status);
      }
    },
  };
}

/** Storage answers 400 or 403 to a token that has ended, and to HEAD without a word. */
function isAboutToken(request: HttpRequest, response: HttpResponse): boolean {
  const status = response.getStatus();
  if (status !== 400 && status !== 403) return false;
  return request.getMethod() === "HEAD" || /\b(jwt|token|exp)\b/i.test(response.getBody() ?? "");
}

/** The library's build for Node reads streams only. */
const blobReader = {
  async openFile(file: Blob) {
    return {
      size: file.size,
      async slice(start: number, end: number) {
        const bytes = new Uint8Array(await file.slice(start, end).arrayBuffer());
        // It asks the data for its size, as it would a Blob.
        return { value: Object.assign(bytes, { size: bytes.length }), done: end >= file.size };
      },
      close() {},
    };
  },
};
