import type { Operation } from "../operation.ts";
import type { Fault } from "./fault.ts";

interface ArmedFault {
  id: number;
  fault: Fault;
  passes: number;
  /** Requests it still hits; null: without end. */
  left: number | null;
}

/** The faults waiting to be met. The first one that matches a request is taken. */
export class FaultList {
  #armed: ArmedFault[] = [];
  #count = 0;
  #clearing = new AbortController();

  /** Aborts when the list is cleared: what hangs until then hangs no longer. */
  get cleared(): AbortSignal {
    return this.#clearing.signal;
  }

  add(fault: Fault): number {
    this.#count += 1;
    this.#armed.push({ id: this.#count, fault, passes: fault.after, left: fault.times });
    return this.#count;
  }

  /**
   * The fault that the next request of this kind meets, counting it; null when it is spared.
   * @param endsUpload whether the request makes a file of what was uploaded
   */
  take(operation: Operation, endsUpload: boolean): Fault | null {
    for (const armed of this.#armed) {
      if (!matches(armed.fault, operation)) continue;
      if (isOfFile(armed.fault) && !endsUpload) continue;
      if (armed.passes > 0) {
        armed.passes -= 1;
        continue;
      }
      if (armed.left !== null) {
        armed.left -= 1;
        if (armed.left === 0) this.#armed = this.#armed.filter((other) => other !== armed);
      }
      return armed.fault;
    }
    return null;
  }

  list(): { id: number; fault: Fault; left: number | null }[] {
    return this.#armed.map(({ id, fault, left }) => ({ id, fault, left }));
  }

  clear(): void {
    this.#armed = [];
    this.#clearing.abort();
    this.#clearing = new AbortController();
  }
}

function isOfFile({ kind }: Fault): boolean {
  return kind === "file_failed" || kind === "file_processing";
}

function matches({ match }: Fault, operation: Operation): boolean {
  if (match === "any") return operation !== "control";
  if (match === "generateContent")
    return ["generateContent", "analysis", "ssml"].includes(operation);
  if (match === "files") return operation === "files" || operation === "upload";
  return match === operation;
}
