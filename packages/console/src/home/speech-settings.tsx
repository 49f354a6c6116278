import type { Voice } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { useEffect, useState } from "react";
import { useWords } from "../words/use-words.ts";
import {
  chooseFeedbackLanguage,
  languageName,
  spokenLanguages,
  useFeedbackLanguage,
} from "./feedback-language.ts";

/** The language and the voice of the analyses to come. */
export function SpeechSettings() {
  const words = useWords();
  const sideline = useSideline();
  const language = useFeedbackLanguage();
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
    <div className="space-y-4 text-sm">
      <Choice
        label={words.feedbackLanguage}
        value={language ?? ""}
        choose={(tag) => chooseFeedbackLanguage(tag || null)}
        options={[
          ["", words.languageOfProject],
          ...spokenLanguages(voices).map((tag) => [tag, languageName(tag, words.code)] as const),
        ]}
      />
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
    </div>
  );
}

interface ChoiceProps {
  label: string;
  value: string;
  choose(value: string): void;
  options: (readonly [value: string, label: string])[];
}

function Choice({ label, value, choose, options }: ChoiceProps) {
  return (
    <label className="flex flex-col gap-1.5">
      <span className="font-medium">{label}</span>
      <select
        value={value}
        onChange={({ target }) => choose(target.value)}
        className="min-h-11 w-full rounded-part border border-line bg-sheet px-3"
      >
        {options.map(([own, text]) => (
          <option key={own} value={own}>
            {text}
          </option>
        ))}
      </select>
    </label>
  );
}
