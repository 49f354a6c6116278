import type { Content } from "@google/generative-ai";
import type { StageError } from "../errors.ts";
import type { Gemini, GenerateRequest } from "../providers/gemini.ts";

export interface ScriptedGemini extends Gemini {
  asked: (Omit<GenerateRequest, "contents"> & { contents: Content[] })[];
}

/** Tests only: a model that gives these replies in turn; a string is the reply's text. */
export function scriptedGemini(...replies: (string | object | StageError)[]): ScriptedGemini {
  const left = [...replies];
  const asked: ScriptedGemini["asked"] = [];
  return {
    asked,
    async generate(request) {
      const { contents, context = null } = await request.contents();
      asked.push({ ...request, contents });
      const reply = left.shift();
      if (reply === undefined) throw new Error("The model was asked more often than expected.");
      if (reply instanceof Error) throw reply;
      const text = typeof reply === "string" ? reply : JSON.stringify(reply);
      return { text, model: "model-1", context };
    },
  };
}
