import { readFile } from "node:fs/promises";
import { jsonBody, type ReceivedRequest, serveHttp } from "../http-server.ts";
import { makeWav } from "../make-wav.ts";

/** What our functions ask of a provider or of Storage. */
export type Operation =
  | "read video"
  | "upload start"
  | "upload"
  | "file"
  | "generate"
  | "speak"
  | "store audio";

/** Answers instead of the provider; undefined leaves it to answer itself. */
export type Misbehaviour = (operation: Operation, request: ReceivedRequest) => Response | undefined;

const sample = new URL("../../../../../samples/rally.mp4", import.meta.url);

const remark = {
  start_seconds: 1,
  end_seconds: 2,
  category: "motion",
  severity: "low",
  confidence: 0.5,
  message: "Bend your knees.",
  drill: null,
};
export const analysis = {
  title: "A rally",
  summary: "Two players.",
  confidence: 0.5,
  metrics: [],
  feedback: [remark],
};

/** A model's reply with this text. */
export function reply(text: string, finishReason = "STOP"): Response {
  return Response.json({
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason }],
    modelVersion: "model-1",
  });
}

/**
 * Tests only: Storage, Gemini and Text-to-Speech on one real server. All do their part unless the
 * test says otherwise. Returns its address and what was asked of it.
 */
export async function providerWorld(misbehave: Misbehaviour) {
  const video = new Uint8Array(await readFile(sample));
  const asked: Operation[] = [];
  const { url }: { url: string } = await serveHttp((request) => {
    const operation = operationOf(request);
    if (operation === null) return Response.json({});
    asked.push(operation);
    return misbehave(operation, request) ?? answer(operation, request);
  });

  const answer = (operation: Operation, request: ReceivedRequest): Response => {
    const file = { name: "files/abc", uri: `${url}/v1beta/files/abc`, mimeType: "video/mp4" };
    switch (operation) {
      case "read video":
        return inRange(video, request.headers.get("range"));
      case "upload start":
        return new Response(null, {
          headers: { "x-goog-upload-url": `${url}/upload/v1beta/files?upload_id=1` },
        });
      case "upload":
        return Response.json({ file: { ...file, state: "PROCESSING" } });
      case "file":
        return Response.json({
          ...file,
          state: "ACTIVE",
          videoMetadata: { videoDuration: "20s" },
        });
      case "generate":
        return reply(JSON.stringify(replies[taskOf(request)]));
      case "speak":
        return Response.json({ audioContent: base64(makeWav({ seconds: 0.5, amplitude: 0.4 })) });
      case "store audio":
        return Response.json({});
    }
  };
  return { url, asked };
}

const replies = {
  analysis,
  ssml: { ssml: "<speak><s>Bend your knees.</s></speak>" },
  draft: {
    ...{ goal: "Knees", language: "en-US", audience: null, level: null, skip: [], holes: [] },
    rules: [{ id: "knees", look_for: "How far the knees bend", category: null }],
  },
};

export function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("base64");
}

function inRange(bytes: Uint8Array, range: string | null): Response {
  const headers: Record<string, string> = { etag: '"v1"', "content-type": "video/mp4" };
  const wanted = /^bytes=(\d+)-(\d*)$/.exec(range ?? "");
  if (!wanted) {
    headers["content-length"] = `${bytes.length}`;
    return new Response(bytes.slice(), { headers });
  }
  const from = Number(wanted[1]);
  const to = Math.min(wanted[2] ? Number(wanted[2]) : bytes.length - 1, bytes.length - 1);
  headers["content-range"] = `bytes ${from}-${to}/${bytes.length}`;
  return new Response(bytes.slice(from, to + 1), { status: 206, headers });
}

/** Null for what is nobody's concern here, as deleting a file. */
function operationOf({ method, path }: ReceivedRequest): Operation | null {
  if (path.startsWith("/storage/")) return method === "GET" ? "read video" : "store audio";
  if (path.startsWith("/upload/")) return path.includes("upload_id") ? "upload" : "upload start";
  if (path.endsWith(":generateContent")) return "generate";
  if (path.endsWith("text:synthesize")) return "speak";
  return method === "GET" && path.includes("/files/") ? "file" : null;
}

function taskOf(request: ReceivedRequest): keyof typeof replies {
  const body = JSON.stringify(jsonBody(request));
  const task = (["ssml", "draft"] as const).find((one) => body.includes(`\\"task\\":\\"${one}\\"`));
  return task ?? "analysis";
}
