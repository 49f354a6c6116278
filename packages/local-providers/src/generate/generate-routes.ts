import { randomUUID } from "node:crypto";
import { Hono } from "hono";
import { z } from "zod";
import { composeReport } from "../analysis/report.ts";
import { ApiError } from "../api-error.ts";
import { requireApiKey } from "../api-key.ts";
import type { FileStore } from "../files/file-store.ts";
import { outcomeOf } from "../files/stored-file.ts";
import type { ProvidersEnv } from "../request-log.ts";
import type { SpeechEngine } from "../speech/engine.ts";
import { draftBrief } from "./draft-brief.ts";
import { fitToSchema } from "./fit-to-schema.ts";
import { generateRequest, type ReadRequest, readRequest } from "./request.ts";
import { speakReply } from "./speak-reply.ts";
import { writeSsml } from "./write-ssml.ts";

/** The names the offline models give themselves, recorded with all they make. */
const ANALYSIS_MODEL = "offline-bitstream-1";
const SSML_MODEL = "offline-ssml-1";
const DRAFT_MODEL = "offline-templates-1";

/** The types of video that Gemini documents; it takes no other spelling. */
const VIDEO_TYPES = new Set([
  ...["video/mp4", "video/mpeg", "video/mov", "video/avi", "video/x-flv", "video/mpg"],
  ...["video/webm", "video/wmv", "video/3gpp"],
]);

/** Bytes of one request; larger media go through the Files API. */
const MOST_REQUEST_BYTES = 20 * 1024 * 1024;

/** `POST /<version>/models/<any>:generateContent`, `:streamGenerateContent` and `GET /<version>/models`. */
export function generateRoutes(store: FileStore, speech: SpeechEngine): Hono<ProvidersEnv> {
  const routes = new Hono<ProvidersEnv>();
  const needKey = requireApiKey("generativelanguage.googleapis.com");

  routes.post(
    "/:version{v1beta|v1}/models/:call{.+:(generateContent|streamGenerateContent)}",
    needKey,
    async (context) => {
      const request = generateRequest.safeParse(readBody(await context.req.text()));
      if (!request.success) throw new ApiError(400, z.prettifyError(request.error));
      if (request.data.generationConfig?.responseModalities?.includes("AUDIO")) {
        return context.json(await speakReply(request.data, speech));
      }
      const asked = readRequest(request.data);
      const config = request.data.generationConfig;
      const answer = answerTo(asked, store);
      const fitted = fitToSchema(answer.json, config?.responseSchema ?? config?.responseJsonSchema);
      return context.json(reply(JSON.stringify(fitted), answer.model, asked.textBytes));
    },
  );

  routes.get("/:version{v1beta|v1}/models", needKey, (context) =>
    context.json({ models: [ANALYSIS_MODEL, SSML_MODEL, DRAFT_MODEL].map(modelResource) }),
  );
  return routes;
}

function readBody(text: string): unknown {
  if (Buffer.byteLength(text) > MOST_REQUEST_BYTES) {
    const limit = `the limit: ${MOST_REQUEST_BYTES} bytes`;
    throw new ApiError(400, `Request payload size exceeds ${limit}.`);
  }
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function answerTo(asked: ReadRequest, store: FileStore): { json: unknown; model: string } {
  const { task } = asked;
  if (task.task === "ssml") {
    const { message, drill = null, language, style = null } = task;
    return { json: { ssml: writeSsml({ message, drill, language, style }) }, model: SSML_MODEL };
  }
  if (task.task === "draft")
    return { json: draftBrief(task.request, task.brief), model: DRAFT_MODEL };
  if (asked.fileId === null) throw new ApiError(400, "An analysis needs a video in fileData.");
  const file = store.file(asked.fileId);
  const mimeType = asked.mimeType ?? file.mimeType;
  if (!VIDEO_TYPES.has(mimeType)) throw new ApiError(400, `Unsupported MIME type: ${mimeType}`);
  const outcome = outcomeOf(file);
  if (outcome.state !== "ACTIVE") {
    throw new ApiError(
      400,
      `The File ${asked.fileId} is not in an ACTIVE state and usage is not allowed.`,
      { statusName: "FAILED_PRECONDITION" },
    );
  }
  const report = composeReport(outcome.facts, task.language, task.brief);
  return { json: report, model: ANALYSIS_MODEL };
}

/** No tokens exist here; the counts are what the texts' bytes come to at four bytes a token. */
function reply(text: string, modelVersion: string, promptBytes: number): object {
  const promptTokenCount = Math.ceil(promptBytes / 4);
  const candidatesTokenCount = Math.ceil(Buffer.byteLength(text) / 4);
  return {
    candidates: [{ content: { role: "model", parts: [{ text }] }, finishReason: "STOP", index: 0 }],
    usageMetadata: {
      promptTokenCount,
      candidatesTokenCount,
      totalTokenCount: promptTokenCount + candidatesTokenCount,
    },
    modelVersion,
    responseId: randomUUID(),
  };
}

function modelResource(name: string): object {
  return {
    name: `models/${name}`,
    version: "1",
    displayName: name,
    supportedGenerationMethods: ["generateContent"],
  };
}
