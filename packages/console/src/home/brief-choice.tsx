import { useSideline } from "@sideline/client/react";
import type { SessionLine } from "@sideline/contracts";
import { useEffect, useState } from "react";
import { useWords } from "../words/use-words.ts";
import { Choice } from "./choice.tsx";
import { chooseNextBrief, useNextBrief } from "./next-brief.ts";

/** Which brief the videos to come follow; not shown to whoever has none that is ready. */
export function BriefChoice() {
  const words = useWords().nextBrief;
  const { sessions } = useSideline();
  const chosen = useNextBrief();
  const [ready, setReady] = useState<SessionLine[]>([]);
  useEffect(() => {
    // Without them the page works as well.
    sessions.list({ status: "ready", limit: 50 }).then(
      (page) => setReady(page.sessions),
      () => {},
    );
  }, [sessions]);
  const [other, setOther] = useState<SessionLine | null>(null);
  useEffect(() => {
    if (chosen === null) return;
    sessions.get(chosen).then(setOther, ({ code }) => {
      // Deleted elsewhere, or of whoever was signed in here before.
      if (code === "not_found") chooseNextBrief(null);
    });
  }, [sessions, chosen]);
  const isListed = ready.some(({ id }) => id === chosen);
  const lines = isListed || other?.id !== chosen ? ready : [other, ...ready];
  if (lines.length === 0) return null;
  return (
    <Choice
      label={words.label}
      value={String(chosen ?? "")}
      choose={(id) => chooseNextBrief(id === "" ? null : Number(id))}
      options={[
        ["", words.none],
        ...lines.map(
          ({ id, title, request }) => [String(id), title || request || words.unnamed(id)] as const,
        ),
      ]}
    />
  );
}
