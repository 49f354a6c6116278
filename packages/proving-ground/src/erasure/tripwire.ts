import { type Gate, gone, startGate } from "../support/gate.ts";

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
  gate: Gate;
  /**
   * The next request of this step is the last of who sent it; then nothing passes until `mend`, for
   * the platform gives the call to a new worker. @returns once that has happened
   */
  arm(step: Step, kill: () => void): Promise<void>;
  mend(): void;
}

export async function startTripwire(): Promise<Tripwire> {
  let armed: { step: Step; sprung: () => void } | null = null;
  let isCut = false;
  const gate = await startGate(async (request, proceed) => {
    if (isCut) return gone();
    if (armed === null || !steps[armed.step].path.test(request.url)) return await proceed(request);
    const { step, sprung } = armed;
    armed = null;
    if (steps[step].passesOn) await (await proceed(request)).arrayBuffer();
    sprung();
    return gone();
  });
  return {
    gate,
    arm: (step, kill) =>
      new Promise((resolve) => {
        const sprung = () => {
          isCut = true;
          kill();
          resolve();
        };
        armed = { step, sprung };
      }),
    mend() {
      isCut = false;
    },
  };
}
