import type { FunctionName } from "@sideline/contracts";
import type { TestStack } from "@sideline/proving-ground/testing";
import type { z } from "zod";

export interface FunctionCall {
  name: FunctionName;
  path?: string;
  method?: string;
  /** Sent as JSON; a text as it is. */
  body?: unknown;
  /** A user's access token. */
  token?: string;
  /** `apikey`; the publishable key unless told. */
  key?: string | null;
}

export interface Answer {
  status: number;
  /** A text where it is no JSON, null where there is none. */
  body: unknown;
}

/** Tests only: calls a function over HTTP as an app does. */
export async function callFunction(stack: TestStack, call: FunctionCall): Promise<Answer> {
  const { key = stack.publishableKey, body, path = "" } = call;
  const response = await fetch(`${stack.apiUrl}/functions/v1/${call.name}${path}`, {
    method: call.method ?? (body === undefined ? "GET" : "POST"),
    headers: {
      ...(key === null ? {} : { apikey: key }),
      ...(call.token === undefined ? {} : { authorization: `Bearer ${call.token}` }),
      ...(body === undefined ? {} : { "content-type": "application/json" }),
    },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  return await answerOf(response);
}

/**
 * Tests only: what a call was answered that went well.
 * @throws Error with status and body where it did not
 */
export function accepted<T>(answer: Answer, schema: z.ZodType<T>): T {
  const parsed = answer.status < 300 ? schema.safeParse(answer.body) : undefined;
  if (parsed?.success) return parsed.data;
  throw new Error(`The answer was ${JSON.stringify(answer)}`, { cause: parsed?.error });
}

/** Tests only: the same for what is not a function's. */
export async function getJson<T>(
  url: string,
  schema: z.ZodType<T>,
  headers: Record<string, string> = {},
): Promise<T> {
  return accepted(await answerOf(await fetch(url, { headers })), schema);
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, body: jsonOr(text) };
}

function jsonOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text === "" ? null : text;
  }
}
