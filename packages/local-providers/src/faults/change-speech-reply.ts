import { z } from "zod";
import { WAV_HEADER_BYTES } from "../speech/wav.ts";
import type { Fault } from "./fault.ts";

const replyShape = z.object({ audioContent: z.base64() });

/** Spoils good speech as the fault says. */
export async function changeSpeechReply(response: Response, fault: Fault): Promise<Response> {
  const { audioContent } = replyShape.parse(await response.clone().json());
  const audio = Buffer.from(audioContent, "base64");
  const answer = (bytes: Buffer) => Response.json({ audioContent: bytes.toString("base64") });
  switch (fault.kind) {
    case "silent":
      return answer(Buffer.from(audio).fill(0, WAV_HEADER_BYTES));
    case "wrong_audio":
      return answer(Buffer.concat([Buffer.from("OggS\0\u0002"), audio]));
    case "truncated":
      return answer(audio.subarray(0, WAV_HEADER_BYTES / 2));
    case "malformed":
      return new Response('{"audioContent": "', {
        headers: { "content-type": "application/json" },
      });
    case "text":
      return answer(Buffer.from(fault.text));
    default:
      return response;
  }
}
