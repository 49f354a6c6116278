import { useState } from "react";

/** Something that one does: runs one at a time, and keeps why it was refused. */
export function useAction(): {
  isBusy: boolean;
  refusal: string | null;
  run(action: () => Promise<void>): void;
} {
  const [isBusy, setBusy] = useState(false);
  const [refusal, setRefusal] = useState<string | null>(null);
  function run(action: () => Promise<void>): void {
    setBusy(true);
    setRefusal(null);
    action()
      .catch((error: unknown) => setRefusal(messageOf(error)))
      .finally(() => setBusy(false));
  }
  return { isBusy, refusal, run };
}

/** The sentence of an error, which the Data API gives as a plain object. */
export function messageOf(error: unknown): string {
  return typeof error === "object" && error !== null && "message" in error
    ? String(error.message)
    : String(error);
}
