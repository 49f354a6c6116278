import type { Voice } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import type { User } from "@supabase/supabase-js";
import { useEffect, useState } from "react";
import { Disclosure } from "../parts/disclosure.tsx";
import { useWords } from "../words/use-words.ts";
import { BriefChoice } from "./brief-choice.tsx";
import { Choice } from "./choice.tsx";
import { DeleteAccount } from "./delete-account.tsx";
import {
  chooseFeedbackLanguage,
  languageName,
  spokenLanguages,
  useFeedbackLanguage,
} from "./feedback-language.ts";
import { useNextBrief } from "./next-brief.ts";

/** On a phone the recordings come first. */
const isRoomy = matchMedia("(min-width: 64rem)").matches;

/**
 * What the analyses to come look for, their language, which a brief has of its own, and voice; and
 * the way out.
 */
export function Settings({ user }: { user: User }) {
  const words = useWords();
  const sideline = useSideline();
  const language = useFeedbackLanguage();
  const nextBrief = useNextBrief();
  const [voices, setVoices] = useState<Voice[]>([]);
  const [chosen, setChosen] = useState<number | null>(null);
  useEffect(() => {
    // Without them the page works as well.
    sideline.listVoices().then(setVoices, () => {});
    sideline.chosenVoice().then(setChosen, () => {});
  }, [sideline]);
  function choose(id: number | null): void {
    const before = chosen;
    setChosen(id);
    sideline.chooseVoice(id).catch(() => setChosen(before));
  }
  return (
    <Disclosure title={words.settings} isOpen={isRoomy}>
      <div className="space-y-4 pt-1 text-sm">
        <BriefChoice />
        {nextBrief === null && (
          <Choice
            label={words.feedbackLanguage}
            value={language ?? ""}
            choose={(tag) => chooseFeedbackLanguage(tag || null)}
            options={[
              ["", words.languageOfProject],
              ...spokenLanguages(voices).map(
                (tag) => [tag, languageName(tag, words.code)] as const,
              ),
            ]}
          />
        )}
        <Choice
          label={words.voice}
          value={String(chosen ?? "")}
          choose={(id) => choose(id === "" ? null : Number(id))}
          options={[
            ["", words.voiceOfLanguage],
            ...voices.map(
              ({ id, name, language, description }) =>
                [
                  String(id),
                  `${name} (${languageName(language, words.code)}): ${description}`,
                ] as const,
            ),
          ]}
        />
        <p className="text-soft">{words.voiceHint}</p>
        <DeleteAccount email={user.email} />
      </div>
    </Disclosure>
  );
}
