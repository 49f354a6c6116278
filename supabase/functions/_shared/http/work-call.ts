import type { Runtime } from "../runtime.ts";
import type { Worker } from "../worker/worker.ts";
import { type Call, methodNotAllowed } from "./endpoint.ts";
import { HttpError, json } from "./responses.ts";

/** Who calls does not wait for long; the isolate must live until the work is done all the same. */
export async function workAnswer(worker: Worker, runtime: Runtime): Promise<Response> {
  const run = worker.run();
  runtime.background(run);
  return json(await run);
}

/** The whole interface of a function that only works a queue: `POST /`. */
export function workOnly(worker: Worker, runtime: Runtime): (call: Call) => Promise<Response> {
  return async (call) => {
    if (call.path !== "") throw new HttpError("not_found", "There is nothing at this address.");
    if (call.method !== "POST") throw methodNotAllowed("POST");
    return await workAnswer(worker, runtime);
  };
}
