import { useWords } from "../words/use-words.ts";
import { Notice } from "./notice.tsx";
import { useOnline } from "./use-online.ts";

/** Says that what is shown may be older. */
export function OfflineNotice({ readError }: { readError: string | null }) {
  const words = useWords();
  const isOnline = useOnline();
  if (isOnline && readError === null) return null;
  return <Notice>{words.offline}</Notice>;
}
