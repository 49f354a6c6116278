import type { MiddlewareHandler } from "hono";
import { z } from "zod";
import type { ProvidersEnv } from "../request-log.ts";

const replySchema = z.looseObject({
  candidates: z.tuple([
    z.looseObject({
      content: z.looseObject({ parts: z.tuple([z.looseObject({ text: z.string() })]) }),
      finishReason: z.string(),
    }),
  ]),
  usageMetadata: z.unknown(),
});
const pieces = 3;

/**
 * Gives a reply in pieces to who asked `streamGenerateContent`, as events or as a list; the last one
 * says why it ended and what it took. Errors, and what a fault has spoilt, pass as they are.
 */
export const streamReplies: MiddlewareHandler<ProvidersEnv> = async (context, next) => {
  await next();
  const { req, res } = context;
  const isStream = req.path.endsWith(":streamGenerateContent");
  if (!isStream || !res.ok || ["endless", "cut"].includes(context.var.fault ?? "")) return;
  const whole = replySchema.safeParse(
    await res
      .clone()
      .json()
      .catch(() => null),
  );
  const replies = whole.success ? inPieces(whole.data) : [await res.json().catch(() => null)];
  context.res = undefined;
  context.res =
    req.query("alt") === "sse"
      ? new Response(replies.map((reply) => `data: ${JSON.stringify(reply)}\r\n\r\n`).join(""), {
          headers: { "content-type": "text/event-stream" },
        })
      : Response.json(replies);
};

function inPieces(reply: z.infer<typeof replySchema>): object[] {
  const [candidate] = reply.candidates;
  const { usageMetadata, ...head } = reply;
  const { finishReason, content, ...rest } = candidate;
  const { text } = content.parts[0];
  const size = Math.ceil(text.length / pieces) || 1;
  const texts = Array.from({ length: pieces }, (_, at) => text.slice(at * size, (at + 1) * size));
  return texts.map((part, at) => {
    const piece = { ...rest, content: { ...content, parts: [{ text: part }] } };
    return at < pieces - 1
      ? { ...head, candidates: [piece] }
      : { ...head, candidates: [{ ...piece, finishReason }], usageMetadata };
  });
}
