import { GoogleGenAI } from "@google/genai";
import { GoogleGenerativeAI } from "@google/generative-ai";
import { GoogleAIFileManager } from "@google/generative-ai/server";

/** What both of Google's SDKs can do, in the same words. Tests only. */
export interface Sdk {
  name: string;
  /** Uploads a video as this SDK does it by itself, and returns its name. */
  upload(bytes: Buffer<ArrayBuffer>): Promise<string>;
  state(file: string): Promise<string>;
  uri(file: string): Promise<string>;
  names(): Promise<string[]>;
  delete(file: string): Promise<unknown>;
  /** The text of the answer; a refusal throws, or is what the SDK makes of it. */
  generate(parts: Part[]): Promise<Answer>;
  /** The answer's texts as they came. */
  stream(parts: Part[]): Promise<string[]>;
}

type Part = { text: string } | { fileData: { mimeType: string; fileUri: string } };

export interface Answer {
  text: string | undefined;
  finishReason: string | undefined;
  blockReason: string | undefined;
  tokens: number | undefined;
}

const model = "gemini-any";

/** `@google/generative-ai`, whose uploads are multipart. */
export function olderSdk(baseUrl: string, apiKey: string): Sdk {
  const files = new GoogleAIFileManager(apiKey, { baseUrl });
  const generative = new GoogleGenerativeAI(apiKey).getGenerativeModel({ model }, { baseUrl });
  return {
    name: "@google/generative-ai",
    async upload(bytes) {
      const { file } = await files.uploadFile(bytes, {
        mimeType: "video/mp4",
        displayName: "clip",
      });
      return file.name;
    },
    state: async (name) => (await files.getFile(name)).state,
    uri: async (name) => (await files.getFile(name)).uri,
    names: async () => (await files.listFiles()).files.map(({ name }) => name),
    delete: (name) => files.deleteFile(name),
    async generate(parts) {
      const { response } = await generative.generateContent(parts);
      const [candidate] = response.candidates ?? [];
      return {
        text: candidate?.content?.parts?.[0]?.text,
        finishReason: candidate?.finishReason,
        blockReason: response.promptFeedback?.blockReason,
        tokens: response.usageMetadata?.totalTokenCount,
      };
    },
    async stream(parts) {
      const texts = [];
      const { stream } = await generative.generateContentStream(parts);
      for await (const piece of stream) texts.push(piece.text());
      return texts;
    },
  };
}

/** `@google/genai`, whose uploads are resumable. */
export function presentSdk(baseUrl: string, apiKey: string): Sdk {
  const { files, models } = new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
  const question = (parts: Part[]) => ({ model, contents: [{ role: "user", parts }] });
  return {
    name: "@google/genai",
    async upload(bytes) {
      const file = new Blob([bytes], { type: "video/mp4" });
      const config = { mimeType: "video/mp4", displayName: "clip" };
      return (await files.upload({ file, config })).name ?? "";
    },
    state: async (name) => (await files.get({ name })).state ?? "",
    uri: async (name) => (await files.get({ name })).uri ?? "",
    async names() {
      const names = [];
      for await (const { name } of await files.list()) names.push(name ?? "");
      return names;
    },
    delete: (name) => files.delete({ name }),
    async generate(parts) {
      const response = await models.generateContent(question(parts));
      const [candidate] = response.candidates ?? [];
      return {
        text: candidate?.content?.parts?.[0]?.text,
        finishReason: candidate?.finishReason,
        blockReason: response.promptFeedback?.blockReason,
        tokens: response.usageMetadata?.totalTokenCount,
      };
    },
    async stream(parts) {
      const texts = [];
      for await (const piece of await models.generateContentStream(question(parts))) {
        texts.push(piece.text ?? "");
      }
      return texts;
    },
  };
}
