import type { FunctionName } from "@sideline/contracts";
import { createDatabaseClient, type DatabaseClient } from "@sideline/database";
import { type Env, EnvError, parseEnv, secretsOf } from "../env.ts";
import { createLog, type Log } from "../log.ts";
import { recordedStorage } from "../recorded-storage.ts";
import type { Runtime } from "../runtime.ts";
import { createStorage, type Storage } from "../storage.ts";
import { createWaker, type Wake } from "../wake.ts";
import { type Accepted, createAuthenticate } from "./caller.ts";
import { answer, type Call, type Endpoint } from "./endpoint.ts";
import { refusedCalls } from "./refused-calls.ts";
import { errorResponse, HttpError } from "./responses.ts";

/** What every function's own parts are made of. */
export interface Services {
  env: Env;
  runtime: Runtime;
  log: Log;
  /** The service role's client: it is under no policy. */
  database: DatabaseClient;
  storage: Storage;
  wake: Wake;
}

export interface FunctionDefinition {
  name: FunctionName;
  accepts: Accepted;
  /** Builds the function's handler, once per isolate. */
  build(services: Services): (call: Call) => Promise<Response>;
  /** Builds what answers anybody, where a function has that. */
  buildOpen?(services: Services): NonNullable<Endpoint["open"]>;
}

/**
 * The default export of a function's `index.ts`. The environment is read with the first request,
 * so that a missing variable is an answer that names it and not a function that does not boot;
 * work stays queued meanwhile.
 */
export function serve(definition: FunctionDefinition, runtime: Runtime) {
  let ready: ((request: Request) => Promise<Response>) | undefined;

  const start = (): ((request: Request) => Promise<Response>) => {
    const env = parseEnv(runtime.environment());
    const log = createLog(
      { write: runtime.write, now: () => new Date(), secrets: secretsOf(env) },
      { function: definition.name },
    );
    const { url, secretKey } = env.supabase;
    const database = createDatabaseClient(url, { key: secretKey, fetch: runtime.fetch });
    const { fetch, background } = runtime;
    const wake = createWaker({ url, secretKey, fetch, background, log });
    const teller = { functionName: definition.name, database, background, log };
    const storage = recordedStorage(createStorage({ ...env.supabase, fetch }), {
      ...teller,
      now: () => performance.now(),
    });
    const services = { env, runtime, log, database, storage, wake };
    const endpoint = {
      name: definition.name,
      log,
      authenticate: createAuthenticate(env.supabase, definition.accepts),
      refused: refusedCalls(teller),
      open: definition.buildOpen?.(services),
      handle: definition.build(services),
    };
    return (request) => answer(endpoint, request);
  };

  return {
    async fetch(request: Request): Promise<Response> {
      try {
        ready ??= start();
      } catch (error) {
        if (!(error instanceof EnvError)) throw error;
        return errorResponse(new HttpError("misconfigured", error.message));
      }
      return ready(request);
    },
  };
}
