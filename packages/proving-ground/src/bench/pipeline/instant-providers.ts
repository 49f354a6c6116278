import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { z } from "zod";
import { makeWav } from "../../../../../supabase/functions/_shared/testing/make-wav.ts";

/** Remarks that the model makes about every video. */
export const remarks = 5;

const analysis = {
  title: "A rally",
  summary: "A short rally with a clear rhythm.",
  confidence: 0.9,
  metrics: [{ metric_key: "strokes", metric_value: 12, unit: null }],
  feedback: Array.from({ length: remarks }, (_, place) => ({
    start_seconds: place * 2,
    end_seconds: place * 2 + 1,
    category: "timing",
    severity: "medium",
    confidence: 0.9,
    message: "Start the swing a little earlier and keep the head still.",
    drill: "Ten slow swings to a count of three.",
  })),
};

const requestSchema = z.object({
  contents: z.array(
    z.object({
      parts: z.array(z.object({ fileData: z.unknown().optional(), text: z.string().optional() })),
    }),
  ),
});
const orderSchema = z.object({ message: z.string(), drill: z.string().nullable() });

export interface InstantProviders {
  url: string;
  stop(): Promise<void>;
}

export interface ProviderHabits {
  /** How long each answer of the model and of the voice takes. */
  answerMs: number;
  /** Which share of these answers is a 503 instead, 0 to 1. */
  faultShare: number;
}

/**
 * Speaks the two protocols that the functions speak, Gemini's and Cloud Text-to-Speech's, and
 * answers at once unless told otherwise: what is left of a recording's time is the pipeline's own.
 */
export async function startInstantProviders(
  { answerMs, faultShare }: ProviderHabits = { answerMs: 0, faultShare: 0 },
): Promise<InstantProviders> {
  const sound = makeWav({ seconds: 1, amplitude: 0.25, sampleRate: 24_000 });
  const audioContent = Buffer.from(sound).toString("base64");
  const server = createServer(async (request, response) => {
    const body = await read(request);
    const path = request.url ?? "";
    const isPaid = path.endsWith(":generateContent") || path.endsWith("/text:synthesize");
    if (isPaid && answerMs > 0) await sleep(answerMs);
    if (isPaid && Math.random() < faultShare) {
      const error = { code: 503, message: "Overloaded.", status: "UNAVAILABLE" };
      answer(response, { error }, {}, 503);
    } else if (path.startsWith("/upload/v1beta/files")) {
      const session = `http://${request.headers.host}/session`;
      answer(response, {}, { "x-goog-upload-url": session });
    } else if (path === "/session") {
      answer(response, { file });
    } else if (path.endsWith(":generateContent")) {
      answer(response, generated(replyTo(body.toString("utf8"))));
    } else if (path.endsWith("/text:synthesize")) {
      answer(response, { audioContent, timepoints: [] });
    } else {
      answer(response, path.startsWith("/v1beta/files/") ? file : {});
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

const file = {
  name: "files/bench",
  uri: "https://bench.invalid/files/bench",
  mimeType: "video/mp4",
  state: "ACTIVE",
  videoMetadata: { videoDuration: "20s" },
};

/** The analysis where there is a video, else the words of the order in markup. */
function replyTo(body: string): unknown {
  const { contents } = requestSchema.parse(JSON.parse(body));
  const parts = contents[0]?.parts ?? [];
  if (parts.some(({ fileData }) => fileData !== undefined)) return analysis;
  const { message, drill } = orderSchema.parse(JSON.parse(parts[0]?.text ?? ""));
  const sentences = [message, ...(drill === null ? [] : [drill])];
  return { ssml: `<speak>${sentences.map((text) => `<p><s>${text}</s></p>`).join("")}</speak>` };
}

function generated(reply: unknown): unknown {
  const content = { role: "model", parts: [{ text: JSON.stringify(reply) }] };
  return { candidates: [{ content, finishReason: "STOP", index: 0 }], modelVersion: "instant-1" };
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}

function answer(
  response: ServerResponse,
  body: unknown,
  headers: Record<string, string> = {},
  status = 200,
) {
  response.writeHead(status, { "content-type": "application/json", ...headers });
  response.end(JSON.stringify(body));
}

function portOf(address: string | AddressInfo | null): number {
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address.port;
}
