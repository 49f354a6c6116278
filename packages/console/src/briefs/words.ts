import { briefEnglish } from "../words/brief-english.ts";
import { briefGerman } from "../words/brief-german.ts";
import { useWords } from "../words/use-words.ts";

const languages = [briefEnglish, briefGerman];

/** The words of the pages of briefs, loaded with them. */
export function useBriefWords() {
  const { code } = useWords();
  return languages.find((words) => words.code === code) ?? briefEnglish;
}
