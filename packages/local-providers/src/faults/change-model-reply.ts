import { z } from "zod";
import type { Fault } from "./fault.ts";

const replyShape = z.looseObject({
  candidates: z
    .array(
      z.looseObject({
        content: z.looseObject({ parts: z.array(z.looseObject({ text: z.string() })) }),
      }),
    )
    .min(1),
});

/** Spoils a good reply of a model as the fault says. Other replies lose their JSON. */
export async function changeModelReply(response: Response, fault: Fault): Promise<Response> {
  const reply = replyShape.safeParse(await response.clone().json());
  if (!reply.success) return notJson();
  const text = reply.data.candidates[0]?.content.parts.map((part) => part.text).join("") ?? "";
  const answer = (newText: string, finishReason = "STOP") =>
    Response.json({
      ...reply.data,
      candidates: [
        { content: { role: "model", parts: [{ text: newText }] }, finishReason, index: 0 },
      ],
    });
  switch (fault.kind) {
    case "malformed":
      return answer(`Here is your analysis: ${text.slice(1)}`);
    case "truncated":
      return answer(text.slice(0, Math.floor(text.length / 2)), "MAX_TOKENS");
    case "invalid_ssml":
      return answer(
        JSON.stringify({ ssml: '<speak>Watch the <emphasis level="strong">start</speak>' }),
      );
    case "text":
      return answer(fault.text);
    case "blocked": {
      const { candidates: _, ...rest } = reply.data;
      return fault.finishReason === undefined
        ? Response.json({ ...rest, promptFeedback: { blockReason: "PROHIBITED_CONTENT" } })
        : Response.json({ ...rest, candidates: [{ finishReason: fault.finishReason, index: 0 }] });
    }
    default:
      return response;
  }
}

function notJson(): Response {
  return new Response('{"candidates": [', { headers: { "content-type": "application/json" } });
}
