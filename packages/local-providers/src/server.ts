import { once } from "node:events";
import { type AddressInfo, isIPv6 } from "node:net";
import { createAdaptorServer, type HttpBindings, RequestError } from "@hono/node-server";
import { Hono } from "hono";
import { ApiError } from "./api-error.ts";
import { FaultList } from "./faults/fault-list.ts";
import { faultRoutes } from "./faults/fault-routes.ts";
import { injectFaults } from "./faults/inject-faults.ts";
import { fileRoutes } from "./files/file-routes.ts";
import { FileStore, type FileStoreOptions } from "./files/file-store.ts";
import { uploadRoutes } from "./files/upload-routes.ts";
import { generateRoutes } from "./generate/generate-routes.ts";
import { streamReplies } from "./generate/stream-replies.ts";
import { type ProvidersEnv, RequestLog, recordRequests, requestLogRoutes } from "./request-log.ts";
import { SpeechEngine } from "./speech/engine.ts";
import { speechRoutes } from "./speech/speech-routes.ts";

export interface LocalProvidersOptions extends FileStoreOptions {
  /** 0, the default, takes any free port. */
  port?: number;
  /** Default 127.0.0.1: nothing here is meant for other machines. */
  host?: string;
  /** Make the speech engine quick before its first use; costs two seconds of computing. */
  warmUp?: boolean;
}

export interface LocalProviders {
  /** `http://127.0.0.1:PORT`, the base URL of both services. */
  url: string;
  /** Closes all connections and deletes the uploaded files. */
  stop(): Promise<void>;
}

/** Starts the Gemini and Cloud Text-to-Speech stand-ins on one port. Throws when it is taken. */
export async function startLocalProviders(
  options: LocalProvidersOptions = {},
): Promise<LocalProviders> {
  const { port = 0, host = "127.0.0.1", warmUp = false, ...storeOptions } = options;
  const store = await FileStore.open(storeOptions);
  const stopping = new AbortController();
  const speech = new SpeechEngine();
  const server = createAdaptorServer({
    fetch: createApp(store, speech, stopping.signal).fetch,
    overrideGlobalObjects: false,
  });
  server.listen(port, host);
  try {
    await once(server, "listening");
  } catch (error) {
    await store.close();
    throw error;
  }
  const { port: boundPort } = addressOf(server.address());
  // A failure shows itself again, and to somebody, with the first request.
  if (warmUp) speech.warmUp().catch(() => {});
  return {
    url: `http://${isIPv6(host) ? `[${host}]` : host}:${boundPort}`,
    async stop() {
      stopping.abort();
      const closed = new Promise((done) => server.close(done));
      if ("closeAllConnections" in server) server.closeAllConnections();
      await closed;
      await store.close();
    },
  };
}

type Env = ProvidersEnv & { Bindings: HttpBindings };

function createApp(store: FileStore, speech: SpeechEngine, stopping: AbortSignal): Hono<Env> {
  const log = new RequestLog();
  const faults = new FaultList();
  const app = new Hono<Env>();
  app.use(recordRequests(log));
  app.use(streamReplies);
  app.use(injectFaults(faults, store, stopping));
  app.route("/", uploadRoutes(store));
  app.route("/", fileRoutes(store));
  app.route("/", generateRoutes(store, speech));
  app.route("/", speechRoutes(speech));
  app.route("/", faultRoutes(faults));
  app.route("/", requestLogRoutes(log));
  app.get("/", (context) => context.json({ name: "sideline-local-providers" }));
  app.notFound((context) =>
    new ApiError(404, `${context.req.method} ${context.req.path} is not served here.`).toResponse(),
  );
  app.onError((error, context) => {
    if (error instanceof ApiError) return error.toResponse();
    // A client that went away in the middle of its request is no fault of ours.
    if (context.req.raw.signal.aborted || error instanceof RequestError) {
      return new ApiError(400, "The request was broken off.").toResponse();
    }
    console.error(error);
    return new ApiError(500, "An internal error has occurred.").toResponse();
  });
  return app;
}

function addressOf(address: string | AddressInfo | null): AddressInfo {
  if (address === null || typeof address === "string") throw new Error("not listening on a port");
  return address;
}
