import { chooseLanguage, languages, useWords } from "../words/use-words.ts";

export function LanguageSelect() {
  const words = useWords();
  return (
    <select
      aria-label={words.language}
      value={words.code}
      onChange={(event) => chooseLanguage(event.target.value)}
      className="min-h-touch rounded-part bg-transparent px-2 text-sm text-soft hover:text-ink"
    >
      {languages.map(({ words: { code, own } }) => (
        <option key={code} value={code}>
          {own}
        </option>
      ))}
    </select>
  );
}
