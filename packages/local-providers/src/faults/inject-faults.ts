import { setTimeout as wait } from "node:timers/promises";
import type { HttpBindings } from "@hono/node-server";
import type { MiddlewareHandler } from "hono";
import type { ProvidersEnv } from "../request-log.ts";
import { changeModelReply } from "./change-model-reply.ts";
import { changeSpeechReply } from "./change-speech-reply.ts";
import { errorOfFault } from "./fault-error.ts";
import type { FaultList } from "./fault-list.ts";

/** Lets each request meet the fault that waits for it, if one does. `stopping` ends hanging ones. */
export function injectFaults(
  faults: FaultList,
  stopping: AbortSignal,
): MiddlewareHandler<ProvidersEnv & { Bindings: HttpBindings }> {
  return async (context, next) => {
    const operation = context.get("operation");
    if (operation === "control") return next();
    const fault = faults.take(operation);
    if (fault === null) return next();
    context.set("fault", fault.kind);
    switch (fault.kind) {
      case "status":
        throw errorOfFault(fault);
      case "hang": {
        const gone = AbortSignal.any([context.req.raw.signal, stopping, faults.cleared]);
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
        context.res =
          operation === "tts"
            ? await changeSpeechReply(context.res, fault)
            : await changeModelReply(context.res, fault);
    }
  };
}
