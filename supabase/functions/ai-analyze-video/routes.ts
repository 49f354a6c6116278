import { startRequestSchema } from "@sideline/contracts";
import { type Call, methodNotAllowed } from "../_shared/http/endpoint.ts";
import { HttpError, json } from "../_shared/http/responses.ts";
import { type HandlerDeps, retry, start, status } from "./handlers.ts";

export interface RouteDeps extends HandlerDeps {
  /** Works the queue and answers with counts. */
  work(): Promise<Response>;
}

/** Which handler answers a call. */
export async function route(deps: RouteDeps, call: Call): Promise<Response> {
  const [head, id, ...rest] = call.path.split("/");
  if (head === "" && id === undefined) {
    requireMethod(call, "POST");
    return await post(deps, call);
  }
  if (head === "status" && id !== undefined && rest.length === 0) {
    requireMethod(call, "GET");
    return json(await status(deps, call.caller, id));
  }
  if (head === "retry" && id === undefined) {
    requireMethod(call, "POST");
    return json(await retry(deps, call.caller, call.body), 202);
  }
  throw new HttpError("not_found", "There is nothing at this address.");
}

/** With a recording it starts an analysis; without one, from the service, it works the queue. */
async function post(deps: RouteDeps, call: Call): Promise<Response> {
  if (isEmpty(call.body)) {
    if (call.caller.kind === "service") return await deps.work();
    throw new HttpError("forbidden", "Only the service may work the queue.");
  }
  const request = startRequestSchema.safeParse(call.body);
  if (!request.success) {
    throw new HttpError(
      "invalid_request",
      'Send {"videoRecordingId": 1} or {"videoPath": "<your id>/clip.mp4"}.',
    );
  }
  const { response, created } = await start(deps, call.caller, request.data);
  return json(response, created ? 202 : 200);
}

function requireMethod(call: Call, method: "GET" | "POST"): void {
  if (call.method !== method) throw methodNotAllowed(method);
}

/** The scheduler sends `{}`, a hand-made call nothing. */
function isEmpty(body: unknown): boolean {
  return (
    body === undefined ||
    body === null ||
    (typeof body === "object" && Object.keys(body).length === 0 && !Array.isArray(body))
  );
}
