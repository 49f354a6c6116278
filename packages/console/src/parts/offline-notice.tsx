import { toSidelineError } from "@sideline/client";
import { useWords } from "../words/use-words.ts";
import { Notice } from "./notice.tsx";
import { useOnline } from "./use-online.ts";

/** Says that what is shown may be older, and whether the line or the server is why. */
export function OfflineNotice({ readError }: { readError: string | null }) {
  const words = useWords();
  const isOnline = useOnline();
  if (isOnline && readError === null) return null;
  const isRefused = isOnline && toSidelineError(new Error(readError ?? "")).code !== "offline";
  return <Notice>{isRefused ? words.notRead : words.offline}</Notice>;
}
