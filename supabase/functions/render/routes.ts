import { cancelRequestSchema, renderRequestSchema } from "@sideline/contracts";
import { type Call, methodNotAllowed } from "../_shared/http/endpoint.ts";
import { file, HttpError, json } from "../_shared/http/responses.ts";
import { cancel, type HandlerDeps, start, status } from "./handlers.ts";

/** Which handler answers a call. */
export async function route(deps: HandlerDeps, call: Call): Promise<Response> {
  const [head, id, ...rest] = call.path.split("/");
  if (head === "" && id === undefined) {
    requireMethod(call, "POST");
    return await begin(deps, call);
  }
  if (head === "status" && id !== undefined && rest.length === 0) {
    requireMethod(call, "GET");
    return json(await status(deps, call.caller, id));
  }
  if (head === "cancel" && id === undefined) {
    requireMethod(call, "POST");
    const request = cancelRequestSchema.safeParse(call.body);
    if (!request.success) throw new HttpError("invalid_request", 'Send {"renderJobId": 1}.');
    return json(await cancel(deps, call.caller, request.data.renderJobId));
  }
  throw new HttpError("not_found", "There is nothing at this address.");
}

/** The file itself where it was waited for and is ready; else 202 with how far it is. */
async function begin(deps: HandlerDeps, call: Call): Promise<Response> {
  const request = renderRequestSchema.safeParse(call.body);
  if (!request.success) {
    throw new HttpError(
      "invalid_request",
      'Send {"recordingId": 1, "options": {"mode": "freeze" or "duck"}} or {"renderJobId": 1}; ' +
        'with "responseType": "immediate" the answer waits for the file.',
    );
  }
  const { render, stored } = await start(deps, call.caller, request.data);
  if (!stored || !render.output) return json(render, 202);
  return file(stored, {
    "content-type": `video/${render.output.format}`,
    "content-disposition": `attachment; filename="coached-${render.renderJobId}.${render.output.format}"`,
  });
}

function requireMethod(call: Call, method: "GET" | "POST"): void {
  if (call.method !== method) throw methodNotAllowed(method);
}
