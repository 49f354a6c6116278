import { Notice } from "../parts/notice.tsx";
import { messageOf } from "./use-action.ts";
import { useOperatorWords } from "./words.ts";

/** Why nothing new is shown, if so. */
export function ReadProblem({ error }: { error: unknown }) {
  const words = useOperatorWords();
  if (!error) return null;
  const isRefused =
    typeof error === "object" && error !== null && "code" in error && error.code === "PT403";
  return <Notice>{isRefused ? words.refused : words.failedToRead(messageOf(error))}</Notice>;
}
