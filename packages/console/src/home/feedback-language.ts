import type { Voice } from "@sideline/client";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";

/** In which the next videos are spoken about; kept on this device, null is the project's own. */
const chosen = createStore<{ tag: string | null }>(() => ({
  tag: localStorage.getItem("feedback-language"),
}));

export function useFeedbackLanguage(): string | null {
  return useStore(chosen, ({ tag }) => tag);
}

export function chooseFeedbackLanguage(tag: string | null): void {
  if (tag === null) localStorage.removeItem("feedback-language");
  else localStorage.setItem("feedback-language", tag);
  chosen.setState({ tag });
}

/** What there is a voice for. */
export function spokenLanguages(voices: Voice[]): string[] {
  return [...new Set(voices.map(({ language }) => language))].toSorted();
}

/** "Deutsch (Deutschland)", in the words of `code`. */
export function languageName(tag: string, code: string): string {
  return new Intl.DisplayNames(code, { type: "language" }).of(tag) ?? tag;
}
