import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";
import type { FileStore } from "../files/file-store.ts";
import type { ProvidersEnv } from "../request-log.ts";
import { changeModelReply } from "./change-model-reply.ts";
import { changeSpeechReply } from "./change-speech-reply.ts";
import type { Fault } from "./fault.ts";
import { errorOfFault } from "./fault-error.ts";
import type { FaultList } from "./fault-list.ts";
import { spoilTransport } from "./spoil-transport.ts";

/** Lets each request meet the fault that waits for it, if one does. `stopping` ends hanging ones. */
export function injectFaults(
  faults: FaultList,
  store: FileStore,
  stopping: AbortSignal,
): MiddlewareHandler<ProvidersEnv & { Bindings: HttpBindings }> {
  return async (context, next) => {
    const operation = context.get("operation");
    if (operation === "control") return next();
    const fault = faults.take(operation, endsUpload(context.req.raw.headers));
    if (fault === null) return next();
    context.set("fault", fault.kind);
    const gone = AbortSignal.any([context.req.raw.signal, stopping, faults.cleared]);
    const answer = async () => {
      await next();
      return context.res;
    };
    const spoilt = await spoilTransport(fault, answer, {
      ended: gone,
      breakOff: () => context.env.incoming.socket.destroy(),
    });
    if (spoilt !== null) {
      // Else the answer that is replaced would leave its headers behind.
      context.res = undefined;
      context.res = spoilt;
      return;
    }
    switch (fault.kind) {
      case "status":
        throw errorOfFault(fault);
      case "hang": {
        await wait(2 ** 31 - 1, undefined, { signal: gone, ref: false }).catch(() => {});
        return context.body(null, 504);
      }
      case "slow":
        await wait(fault.delayMs, undefined, { signal: stopping }).catch(() => {});
        return next();
      case "drop":
        context.env.incoming.socket.destroy();
        return context.body(null, 503);
      default:
        await next();
        if (!context.res.ok) return;
        if (fault.kind === "file_failed" || fault.kind === "file_processing") {
          return forceFile(store, context.var.file?.name, fault);
        }
        context.res =
          operation === "tts"
            ? await changeSpeechReply(context.res, fault)
            : await changeModelReply(context.res, fault);
    }
  };
}

function endsUpload(headers: Headers): boolean {
  return (
    (headers.get("x-goog-upload-command") ?? "").includes("finalize") ||
    headers.get("x-goog-upload-protocol") === "multipart"
  );
}

function forceFile(store: FileStore, name: string | undefined, fault: Fault): void {
  if (name === undefined) return;
  const { message = "The file could not be processed.", looks, seconds } = fault;
  const until = looks === undefined ? Date.now() + seconds * 1000 : null;
  store.force(
    name.replace("files/", ""),
    fault.kind === "file_failed" ? { failed: message } : { looks: looks ?? null, until },
  );
}
