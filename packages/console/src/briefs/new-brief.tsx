import { useSideline } from "@sideline/client/react";
import { emptyBrief } from "@sideline/contracts";
import { Sparkles } from "lucide-react";
import { useState } from "react";
import { useLocation } from "wouter";
import { useFeedbackLanguage } from "../home/feedback-language.ts";
import { Button } from "../parts/button.tsx";
import { area, sheet } from "./looks.ts";
import { Refusal } from "./refusal.tsx";
import { useCall } from "./use-call.ts";
import { useBriefWords } from "./words.ts";

/** A new brief: drafted from a sentence, or empty. */
export function NewBrief() {
  const words = useBriefWords();
  const { sessions } = useSideline();
  const language = useFeedbackLanguage();
  const [, navigate] = useLocation();
  const [request, setRequest] = useState("");
  const { isBusy, refusal, run } = useCall();
  const begin = (isDrafted: boolean) =>
    void run(async () => {
      const { id } = await sessions.create({
        request,
        ...(language && { brief: { ...emptyBrief, language } }),
      });
      // Where it is refused, the page of the brief is where it is asked for again.
      if (isDrafted) await sessions.saveDraft(id).catch(() => {});
      navigate(`/briefs/${id}`);
    });
  return (
    <form
      className={`${sheet} space-y-4`}
      onSubmit={(event) => {
        event.preventDefault();
        begin(true);
      }}
    >
      <label className="flex flex-col gap-2">
        <span className="text-sm font-medium">{words.sentence}</span>
        <textarea
          rows={3}
          maxLength={4000}
          value={request}
          placeholder={words.example}
          onChange={({ target }) => setRequest(target.value)}
          className={area}
        />
      </label>
      <Refusal code={refusal} />
      <div className="flex flex-wrap gap-2">
        <Button look="main" type="submit" disabled={isBusy || request.trim() === ""}>
          <Sparkles className="size-4" aria-hidden="true" />
          {words.draft}
        </Button>
        <Button look="bare" disabled={isBusy} onClick={() => begin(false)}>
          {words.byHand}
        </Button>
      </div>
    </form>
  );
}
