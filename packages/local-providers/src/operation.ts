/** What a request asks for, as faults and the request log name it. */
export type Operation =
  | "upload"
  | "files"
  | "generateContent"
  | "analysis"
  | "ssml"
  | "models"
  | "tts"
  | "voices"
  | "control"
  | "unknown";

/**
 * Names a request's operation by its address. A `generateContent` is told apart further by the
 * task in its prompt, which travels as JSON inside JSON: hence the search in the body's text.
 */
export function operationOf(path: string, bodyText: string): Operation {
  if (path.startsWith("/_")) return "control";
  if (path.startsWith("/upload/")) return "upload";
  if (/:(generateContent|streamGenerateContent)$/.test(path)) {
    if (/\\"task\\"\s*:\s*\\"analysis\\"/.test(bodyText)) return "analysis";
    if (/\\"task\\"\s*:\s*\\"ssml\\"/.test(bodyText)) return "ssml";
    return "generateContent";
  }
  if (/^\/v1(beta)?\/files(\/|$)/.test(path)) return "files";
  if (/^\/v1(beta)?\/models(\/|$)/.test(path)) return "models";
  if (path.endsWith("/text:synthesize")) return "tts";
  if (path.endsWith("/voices")) return "voices";
  return "unknown";
}
