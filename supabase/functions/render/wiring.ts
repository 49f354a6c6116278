import type { Call, Endpoint } from "../_shared/http/endpoint.ts";
import type { Services } from "../_shared/http/serve.ts";
import { sleep } from "../_shared/sleep.ts";
import { databaseLinks, databaseRenders } from "./database-renders.ts";
import { openLink } from "./open-link.ts";
import { route } from "./routes.ts";

/** Puts the function together. */
export function build({ env, runtime, storage }: Services): (call: Call) => Promise<Response> {
  const { fetch, shutdown } = runtime;
  const renders = databaseRenders({ ...env.supabase, fetch });
  const deps = { renders, storage, now: () => performance.now(), sleep, shutdown };
  return (call) => route(deps, call);
}

/** `GET /render/shared/:token`, for whoever has the link. */
export function buildOpen({ runtime, storage, database }: Services): NonNullable<Endpoint["open"]> {
  const deps = { links: databaseLinks(database), storage, shutdown: runtime.shutdown };
  return (path, request) => {
    const [head, token, ...rest] = path.split("/");
    if (head !== "shared" || token === undefined || rest.length > 0) return null;
    return openLink(deps, token, request);
  };
}
