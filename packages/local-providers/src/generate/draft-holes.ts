/** What the template drafter asks for. */
import type { DraftWords } from "./draft-words.ts";

export interface DraftedHole {
  id: string;
  type: string;
  question: string;
  options: string[] | null;
  unit: string | null;
  required: boolean;
  default: string | null;
}

/** @param left parts of the request that found no place in the brief */
export function holesFor(
  { level, audience }: { level: string | null; audience: string | null },
  words: DraftWords,
  left: readonly string[],
): DraftedHole[] {
  const none = { options: null, unit: null, required: false, default: null };
  const holes: DraftedHole[] = [];
  if (level === null) {
    holes.push({
      ...{ ...none, id: "level", type: "choice", question: words.askLevel, required: true },
      ...{ options: words.levelOptions, default: words.levelOptions[0] ?? null },
    });
  }
  if (audience === null) {
    holes.push({ ...none, id: "audience", type: "text", question: words.askAudience });
  }
  holes.push(
    { ...none, id: "most_remarks", type: "number", question: words.askMost, default: "5" },
    { ...none, id: "with_drills", type: "boolean", question: words.askDrills, default: "true" },
  );
  const [first] = left;
  if (first !== undefined) {
    const part = [...first].slice(0, 60).join("");
    const question = words.askLeft({ count: String(left.length), part });
    holes.push({ ...none, id: "left_over", type: "text", question });
  }
  return holes;
}
