import { type ProblemCode, SidelineError } from "@sideline/client";
import { useState } from "react";

export interface Call {
  isBusy: boolean;
  /** Why the last one was refused. */
  refusal: ProblemCode | null;
  /** @returns whether it was done */
  run(action: () => Promise<unknown>): Promise<boolean>;
}

/** Something that one asks of the project, and whether it was refused. */
export function useCall(): Call {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<ProblemCode | null>(null);
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setRefusal(null);
    try {
      await action();
      return true;
    } catch (error) {
      setRefusal(error instanceof SidelineError ? error.code : "unknown");
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { isBusy, refusal, run };
}
