import { setTimeout as wait } from "node:timers/promises";
import type { Fault } from "./fault.ts";

/** Until the first half of an answer is on its way. */
const flushMs = 50;

/** An answer that goes wrong on its way, whatever it is; null for a fault of another kind. */
export async function spoilTransport(
  fault: Fault,
  answer: () => Promise<Response>,
  connection: { ended: AbortSignal; breakOff(): void },
): Promise<Response | null> {
  switch (fault.kind) {
    case "redirect":
      return new Response(null, { status: 307, headers: { location: fault.location } });
    case "endless":
      return new Response(endless(connection.ended), {
        headers: { "content-type": "application/json" },
      });
    case "cut": {
      const response = await answer();
      const whole = new Uint8Array(await response.arrayBuffer());
      const headers = new Headers(response.headers);
      headers.set("content-length", `${whole.length + 1}`);
      return new Response(thenBroken(whole.subarray(0, whole.length / 2), connection.breakOff), {
        headers,
      });
    }
    default:
      return null;
  }
}

function endless(ended: AbortSignal): ReadableStream<Uint8Array> {
  const piece = new Uint8Array(64 * 1024).fill(0x20);
  return new ReadableStream({
    pull(controller) {
      if (ended.aborted) controller.close();
      else controller.enqueue(piece);
    },
  });
}

function thenBroken(bytes: Uint8Array, breakOff: () => void): ReadableStream<Uint8Array> {
  let isSent = false;
  return new ReadableStream({
    async pull(controller) {
      if (!isSent) controller.enqueue(bytes);
      else {
        await wait(flushMs);
        breakOff();
        controller.close();
      }
      isSent = true;
    },
  });
}
