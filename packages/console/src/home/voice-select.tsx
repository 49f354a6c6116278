import type { Voice } from "@sideline/client";
import { useSideline } from "@sideline/client/react";
import { useEffect, useState } from "react";
import { useWords } from "../words/use-words.ts";

/** The voice of the analyses to come. */
export function VoiceSelect() {
  const words = useWords();
  const sideline = useSideline();
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
    <label className="flex flex-col gap-1.5 text-sm">
      <span className="font-medium">{words.voice}</span>
      <select
        value={chosen ?? ""}
        onChange={({ target }) => choose(target.value === "" ? null : Number(target.value))}
        className="min-h-11 w-full rounded-part border border-line bg-sheet px-3"
      >
        <option value="">{words.voiceOfLanguage}</option>
        {voices.map(({ id, name, language, description }) => (
          <option key={id} value={id}>
            {name} ({language}): {description}
          </option>
        ))}
      </select>
      <span className="block text-soft">{words.voiceHint}</span>
    </label>
  );
}
