import type { FunctionName } from "@sideline/contracts";
import type { TestStack } from "@sideline/proving-ground/testing";

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

/** Tests only: calls a function over HTTP as an app does. */
export async function callFunction(stack: TestStack, call: FunctionCall) {
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
  const answer: unknown = await response.json().catch(() => null);
  return { status: response.status, body: answer };
}
