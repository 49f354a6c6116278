import { Hono } from "hono";
import { z } from "zod";
import { ApiError } from "../api-error.ts";
import type { ProvidersEnv } from "../request-log.ts";
import { faultSchema } from "./fault.ts";
import type { FaultList } from "./fault-list.ts";

/** `POST /_faults` (one fault or a list), `GET /_faults`, `DELETE /_faults`. */
export function faultRoutes(faults: FaultList): Hono<ProvidersEnv> {
  const routes = new Hono<ProvidersEnv>();
  routes.post("/_faults", async (context) => {
    const body: unknown = await context.req.json().catch(() => null);
    const asked = z.array(faultSchema).safeParse(Array.isArray(body) ? body : [body]);
    if (!asked.success) throw new ApiError(400, z.prettifyError(asked.error));
    return context.json({ ids: asked.data.map((fault) => faults.add(fault)) }, 201);
  });
  routes.get("/_faults", (context) => context.json({ faults: faults.list() }));
  routes.delete("/_faults", (context) => {
    faults.clear();
    return context.json({});
  });
  return routes;
}
