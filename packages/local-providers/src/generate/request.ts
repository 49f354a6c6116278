import { z } from "zod";
import { ApiError } from "../api-error.ts";

const partSchema = z.looseObject({
  text: z.string().optional(),
  fileData: z.object({ mimeType: z.string().optional(), fileUri: z.string() }).optional(),
  inlineData: z.unknown().optional(),
});

/** A `generateContent` request, as far as it is read here; anything else in it may be there. */
export const generateRequest = z.looseObject({
  contents: z
    .array(z.looseObject({ role: z.string().optional(), parts: z.array(partSchema).min(1) }))
    .min(1),
  generationConfig: z
    .looseObject({
      responseModalities: z.array(z.string()).optional(),
      speechConfig: z.looseObject({ languageCode: z.string().optional() }).optional(),
      responseMimeType: z.string().optional(),
      responseSchema: z.unknown().optional(),
      responseJsonSchema: z.unknown().optional(),
    })
    .optional(),
});
export type GenerateRequest = z.infer<typeof generateRequest>;

/** What is read of a brief that an analysis follows. */
const followedBrief = z.looseObject({
  audience: z.string().nullish(),
  rules: z
    .array(z.looseObject({ id: z.string(), look_for: z.string(), category: z.string().nullish() }))
    .default([]),
  skip: z.array(z.string()).default([]),
  answers: z.array(z.looseObject({ id: z.string(), answer: z.unknown() })).default([]),
});
export type FollowedBrief = z.infer<typeof followedBrief>;

const analysisTask = z.looseObject({
  task: z.literal("analysis"),
  language: z.string().default("en-US"),
  brief: followedBrief.nullish(),
});
/** What stays of a brief that is drafted anew. */
const draftedBefore = z.object({
  audience: z.string().nullable().default(null),
  level: z.string().nullable().default(null),
  rules: z
    .array(z.object({ id: z.string(), look_for: z.string(), category: z.string().nullable() }))
    .default([]),
  skip: z.array(z.string()).default([]),
});
const draftTask = z.looseObject({
  task: z.literal("draft"),
  request: z.string(),
  brief: draftedBefore.optional(),
});
const ssmlTask = z.looseObject({
  task: z.literal("ssml"),
  message: z.string(),
  drill: z.string().nullish(),
  language: z.string().default("en-US"),
  style: z.string().nullish(),
});
const taskSchema = z.discriminatedUnion("task", [analysisTask, draftTask, ssmlTask]);
export type Task = z.infer<typeof taskSchema>;

/** What a request asks for and about which file, if any. */
export interface ReadRequest {
  task: Task;
  /** The file's id, without `files/`. */
  fileId: string | null;
  /** As the request states it. */
  mimeType: string | undefined;
  textBytes: number;
}

/**
 * Finds the task among the user's parts; in a conversation that repairs an earlier answer that is
 * the first one. Text that is no task of ours means: look at the video. Throws 400 when there is
 * neither a task nor a video.
 */
export function readRequest(request: GenerateRequest): ReadRequest {
  const parts = request.contents
    .filter((content) => content.role === undefined || content.role === "user")
    .flatMap((content) => content.parts);
  if (parts.some((part) => part.inlineData !== undefined)) {
    throw new ApiError(400, "Inline data is not supported offline: upload the file first.");
  }
  const texts = parts.flatMap((part) => part.text ?? []);
  const textBytes = texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
  const fileData = parts.find((part) => part.fileData !== undefined)?.fileData;
  const uri = fileData?.fileUri;
  const mimeType = fileData?.mimeType;
  const fileId = uri === undefined ? null : (/files\/([\w-]+)$/.exec(uri)?.[1] ?? null);
  if (uri !== undefined && fileId === null) {
    throw new ApiError(400, `Unsupported file uri: ${uri}`);
  }
  const task = texts.map(readTask).find((found) => found !== null);
  if (task !== undefined && task !== null) return { task, fileId, mimeType, textBytes };
  if (fileId === null) {
    throw new ApiError(
      400,
      'Offline only the tasks "analysis" (of a video), "draft" and "ssml" are known.',
    );
  }
  return { task: { task: "analysis", language: "en-US" }, fileId, mimeType, textBytes };
}

function readTask(text: string): Task | null {
  try {
    return taskSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}
