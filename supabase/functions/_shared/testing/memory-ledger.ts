import type { Ledger, PaidCall } from "../ledger/ledger.ts";

export interface MemoryLedger extends Ledger {
  /** What was paid for, in order. */
  calls: PaidCall[];
  asked(): boolean;
}

/** Tests only: an item's ledger, in memory. */
export function memoryLedger(calls: PaidCall[] = []): MemoryLedger {
  let asked = false;
  return {
    calls,
    asked: () => asked,
    async find(requestHash) {
      const found = calls.findLast(
        ({ request_hash, answer }) => request_hash === requestHash && answer !== null,
      );
      return found?.answer ?? null;
    },
    record: async (call) => void calls.push(call),
    asking() {
      asked = true;
    },
  };
}
