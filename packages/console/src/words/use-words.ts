import { english as englishProblems } from "@sideline/client";
import { german as germanProblems } from "@sideline/client/german";
import { useStore } from "zustand";
import { createStore } from "zustand/vanilla";
import { english, type Words } from "./english.ts";
import { german } from "./german.ts";

/** A language is a file of words here, and one of problems in the client. */
export const languages = [
  { words: english, problems: englishProblems },
  { words: german, problems: germanProblems },
];

const fallback = { words: english, problems: englishProblems };

const chosen = createStore(() => {
  const wanted = localStorage.getItem("language") ?? navigator.language.slice(0, 2);
  return languages.find(({ words }) => words.code === wanted) ?? fallback;
});

chosen.subscribe(({ words }) => {
  localStorage.setItem("language", words.code);
  document.documentElement.lang = words.code;
});
document.documentElement.lang = chosen.getState().words.code;

export function chooseLanguage(code: string): void {
  chosen.setState(languages.find(({ words }) => words.code === code) ?? fallback);
}

export function useWords(): Words {
  return useStore(chosen, ({ words }) => words);
}

export function useProblemWords() {
  return useStore(chosen, ({ problems }) => problems);
}
