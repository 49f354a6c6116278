import { type Gate, startGate } from "../../support/gate.ts";

/** Stands before the gateway, passes all on, and counts the calls of functions. */
export interface Relay {
  gate: Gate;
  /** Calls of functions that came through. */
  calls: number;
}

/**
 * @param options.dropsCalls calls of functions are answered and go no further: whoever is given
 *   this address as the project's URL can reach everything but other functions
 */
export async function startRelay(options: { dropsCalls: boolean }): Promise<Relay> {
  let calls = 0;
  const gate = await startGate(async (request, proceed) => {
    const isCall = new URL(request.url).pathname.startsWith("/functions/v1/");
    if (isCall) calls += 1;
    if (isCall && options.dropsCalls) return new Response(null, { status: 204 });
    return await proceed(request);
  });
  return {
    gate,
    get calls() {
      return calls;
    },
  };
}
