import { once } from "node:events";
import { createServer, request as sendRequest } from "node:http";
import { portOf } from "../bench/pipeline/instant-providers.ts";

/** A step of the erase worker, as the wire shows it. */
export const steps = {
  "before it has what it claimed": { path: /rpc\/claim_erase/, passesOn: true },
  "before an object is removed": { path: /storage\/v1\/object/, passesOn: false },
  "after objects were removed": { path: /storage\/v1\/object/, passesOn: true },
  "before it says what it did": { path: /rpc\/complete_erase/, passesOn: false },
  "after it said what it did": { path: /rpc\/complete_erase/, passesOn: true },
} as const;
export type Step = keyof typeof steps;

/** Stands between a function and the gateway; the worker that comes to a step dies there. */
export interface Tripwire {
  url: string;
  /** Where to pass requests on to; set once that is known. */
  target: string | null;
  /**
   * The next request of this step is the last of who sent it; then nothing passes until `mend`, for
   * the platform gives the call to a new worker. @returns once that has happened
   */
  arm(step: Step, kill: () => void): Promise<void>;
  mend(): void;
  stop(): Promise<void>;
}

export async function startTripwire(): Promise<Tripwire> {
  let armed: { step: Step; sprung: () => void } | null = null;
  let isCut = false;
  const server = createServer((request, response) => {
    const { method, url = "", headers } = request;
    const trap = armed !== null && steps[armed.step].path.test(url) ? armed : null;
    if (trap) armed = null;
    if (isCut || wire.target === null || (trap && !steps[trap.step].passesOn)) {
      request.resume();
      trap?.sprung();
      return void response.destroy();
    }
    const { hostname, port } = new URL(wire.target);
    const onward = sendRequest({ hostname, port, method, path: url, headers }, (answer) => {
      if (trap) {
        answer.resume();
        answer.once("end", () => {
          trap.sprung();
          response.destroy();
        });
        return;
      }
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    onward.once("error", () => response.destroy());
    request.pipe(onward);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const wire: Tripwire = {
    url: `http://127.0.0.1:${portOf(server.address())}`,
    target: null,
    arm(step, kill) {
      return new Promise((resolve) => {
        armed = {
          step,
          sprung() {
            isCut = true;
            kill();
            resolve();
          },
        };
      });
    },
    mend() {
      isCut = false;
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
  return wire;
}
