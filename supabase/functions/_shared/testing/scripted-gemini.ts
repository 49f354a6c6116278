import type { StageError } from "../errors.ts";
import type { Gemini, GenerateRequest } from "../providers/gemini.ts";

export interface ScriptedGemini extends Gemini {
  asked: GenerateRequest[];
}

/** Tests only: a model that gives these replies in turn; a string is the reply's text. */
export function scriptedGemini(...replies: (string | object | StageError)[]): ScriptedGemini {
  const left = [...replies];
  const asked: GenerateRequest[] = [];
  return {
    asked,
    async generate(request) {
      asked.push(request);
      const reply = left.shift();
      if (reply === undefined) throw new Error("The model was asked more often than expected.");
      if (reply instanceof Error) throw reply;
      return { text: typeof reply === "string" ? reply : JSON.stringify(reply), model: "model-1" };
    },
  };
}
