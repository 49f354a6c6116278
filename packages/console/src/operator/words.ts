import { operatorEnglish } from "../words/operator-english.ts";
import { operatorGerman } from "../words/operator-german.ts";
import { useWords } from "../words/use-words.ts";

const languages = [operatorEnglish, operatorGerman];

/** The words of the operator's pages, loaded with them. */
export function useOperatorWords() {
  const { code } = useWords();
  return languages.find((words) => words.code === code) ?? operatorEnglish;
}
