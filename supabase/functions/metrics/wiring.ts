import { besideFunction } from "@sideline/contracts";
import { z } from "zod";
import { type Call, methodNotAllowed } from "../_shared/http/endpoint.ts";
import { HttpError } from "../_shared/http/responses.ts";
import type { Services } from "../_shared/http/serve.ts";
import { callPipeline } from "../_shared/pipeline-call.ts";
import { metricsText, sampleSchema } from "./metrics-text.ts";

/**
 * `GET /`: the last samples in Prometheus' text format. Whoever asks also finds out that the
 * scheduler is dead, which the scheduler cannot: then it samples, and wakes who tells operators.
 */
export function build({ database, wake }: Services): (call: Call) => Promise<Response> {
  return async (call) => {
    if (call.path !== "") throw new HttpError("not_found", "There is nothing at this address.");
    if (call.method !== "GET") throw methodNotAllowed("GET");
    if (await callPipeline(database, "watch_scheduler", {})) wake(besideFunction.notify);
    const rows = await callPipeline(database, "latest_metrics", {});
    const text = metricsText(z.array(sampleSchema).parse(rows));
    const headers = { "content-type": "text/plain; version=0.0.4; charset=utf-8" };
    return new Response(text, { headers: { ...headers, "cache-control": "no-store" } });
  };
}
