import { StageError } from "../errors.ts";
import { createGeminiFiles } from "../providers/gemini-files.ts";
import { sleep } from "../sleep.ts";
import { type ReceivedRequest, serveHttp } from "./http-server.ts";

export const chunkBytes = 256 * 1024;

export interface Recorder {
  baseUrl: string;
  requests: string[];
  stored(): Uint8Array;
  mimeType: string;
}

export interface Behaviour {
  /** Answers instead of the recorder, or after it has stored what came. */
  instead?(request: ReceivedRequest, command: string, count: number): Response | undefined;
  /** Bytes of a failing chunk that arrive all the same. */
  keep?: number;
  /** Successive answers to GET. */
  states?: object[];
}

/** Tests only: a Files API that stores what it is sent, at the offsets it is told. */
export async function recordingFilesApi(behaviour: Behaviour = {}): Promise<Recorder> {
  const requests: string[] = [];
  let stored = new Uint8Array();
  const states = [...(behaviour.states ?? [])];
  const recorder: Recorder = { baseUrl: "", requests, stored: () => stored, mimeType: "" };
  const append = (bytes: Uint8Array): void => {
    const joined = new Uint8Array(stored.length + bytes.length);
    joined.set(stored);
    joined.set(bytes, stored.length);
    stored = joined;
  };
  const server = await serveHttp((request) => {
    if (request.headers.get("x-goog-api-key") !== "the-key")
      return new Response(null, { status: 401 });
    const command = request.headers.get("x-goog-upload-command") ?? request.method;
    const offset = request.headers.get("x-goog-upload-offset");
    requests.push(offset === null ? command : `${command} @${offset}+${request.body.length}`);
    const other = behaviour.instead?.(request, command, requests.length);
    if (other) {
      append(request.body.subarray(0, behaviour.keep ?? 0));
      return other;
    }
    const file = {
      name: "files/abc",
      uri: `${recorder.baseUrl}/v1beta/files/abc`,
      mimeType: "video/mp4",
    };
    switch (command) {
      case "start":
        recorder.mimeType = request.headers.get("x-goog-upload-header-content-type") ?? "";
        return new Response(null, {
          headers: {
            "x-goog-upload-status": "active",
            "x-goog-upload-url": `${recorder.baseUrl}/upload/v1beta/files?upload_id=u1`,
          },
        });
      case "query":
        return new Response(null, {
          headers: { "x-goog-upload-size-received": `${stored.length}` },
        });
      case "upload":
      case "upload, finalize":
        if (Number(offset) !== stored.length) return new Response("wrong offset", { status: 400 });
        append(request.body);
        return command === "upload"
          ? new Response(null, { headers: { "x-goog-upload-status": "active" } })
          : Response.json({ file: { ...file, state: "PROCESSING" } });
      case "DELETE":
        return Response.json({});
      default:
        return Response.json({ ...file, ...states.shift() });
    }
  });
  recorder.baseUrl = server.url;
  return recorder;
}

/** Tests only: a client of it that waits for nothing. */
export function filesOf(recorder: Recorder) {
  const options = { apiKey: "the-key", baseUrl: recorder.baseUrl, fetch, chunkBytes };
  return createGeminiFiles({ ...options, sleep: (_ms, signal) => sleep(1, signal) });
}

/** Tests only: the code of the StageError that the work ends with. */
export async function codeOf(work: Promise<unknown>): Promise<string> {
  return work.then(
    () => "no error",
    (error: unknown) => (error instanceof StageError ? error.code : String(error)),
  );
}
