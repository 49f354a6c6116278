import type { MiddlewareHandler } from "hono";
import { ApiError, errorInfo } from "./api-error.ts";

/** The key that this server takes for a wrong one, so that its refusal can be tried out. */
const INVALID_KEY = "invalid";

/**
 * Asks for an API key, in the header or (as old clients do) in the address. Any key but
 * {@link INVALID_KEY} is right: nothing here needs protection, but a client that forgets its key
 * must find out before it meets the real service.
 */
export function requireApiKey(service: string): MiddlewareHandler {
  return async (context, next) => {
    const key = context.req.header("x-goog-api-key") ?? context.req.query("key");
    if (key === undefined || key === "") {
      throw new ApiError(
        403,
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.",
        { details: [errorInfo("CREDENTIALS_MISSING", service)] },
      );
    }
    if (key === INVALID_KEY) {
      throw new ApiError(400, "API key not valid. Please pass a valid API key.", {
        details: [errorInfo("API_KEY_INVALID", service)],
      });
    }
    await next();
  };
}
