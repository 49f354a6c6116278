import type { RenderRequest, RenderResponse } from "@sideline/contracts";
import type { Caller } from "../_shared/http/caller.ts";
import { HttpError } from "../_shared/http/responses.ts";
import type { sleep } from "../_shared/sleep.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Renders } from "./renders.ts";

export interface HandlerDeps {
  renders: Renders;
  storage: Pick<Storage, "open">;
  /** Milliseconds. */
  now(): number;
  sleep: typeof sleep;
  shutdown: AbortSignal;
}

export interface Started {
  render: RenderResponse;
  /** The file, where the call waited for it and it is there. */
  stored: Response | null;
}

/** Between two looks at a render that is waited for. */
const lookMs = 400;

/** Starts a render, or a coached video with all that it is composed of. */
export async function start(
  deps: HandlerDeps,
  caller: Caller,
  request: RenderRequest,
): Promise<Started> {
  const { renders } = deps;
  const { responseType, waitSeconds } = request;
  let id: number;
  if ("recordingId" in request) {
    const options = { ...request.options, response_type: responseType };
    id = await renders.compose(caller, request.recordingId, options);
  } else {
    id = request.renderJobId;
    await renders.start(caller, id);
  }
  const until = deps.now() + (responseType === "immediate" ? waitSeconds * 1000 : 0);
  let render = await found(renders, caller, id);
  while ((render.status === "queued" || render.status === "processing") && deps.now() < until) {
    await deps.sleep(Math.min(lookMs, until - deps.now()), deps.shutdown);
    render = await found(renders, caller, id);
  }
  if (responseType === "async" || !render.output) return { render, stored: null };
  const place = {
    bucket: "processed",
    path: render.output.path,
    method: "GET",
    range: null,
  } as const;
  return { render, stored: await deps.storage.open(place, deps.shutdown) };
}

/** How far a render is. */
export async function status(
  { renders }: Pick<HandlerDeps, "renders">,
  caller: Caller,
  idText: string,
): Promise<RenderResponse> {
  return await found(renders, caller, /^[1-9]\d{0,15}$/.test(idText) ? Number(idText) : null);
}

/** Stops a render; one that has ended stays as it is. */
export async function cancel(
  { renders }: Pick<HandlerDeps, "renders">,
  caller: Caller,
  renderJobId: number,
): Promise<RenderResponse> {
  await renders.cancel(caller, renderJobId);
  return await found(renders, caller, renderJobId);
}

async function found(renders: Renders, caller: Caller, id: number | null): Promise<RenderResponse> {
  const render = id === null ? null : await renders.read(caller, id);
  if (!render) throw new HttpError("not_found", "There is no such render of yours.");
  return render;
}
