import type { Rule } from "../rule.ts";
import type { SourceFile, Token } from "../source/source-file.ts";
import { tokensOf } from "../source/tokens.ts";

export const lowercase: Rule = {
  id: "lowercase",
  says: "Keywords and names are lowercase.",
  why: "PostgreSQL folds unquoted names: what reads `userId` is `userid`, and no client finds it.",
  covers: "both",
  bad: [
    { sql: "CREATE schema a;", at: "CREATE" },
    { sql: "create table public.notes (userId uuid);", at: "userId" },
    {
      sql: "create function a.f() returns int language sql as $$\n  SELECT 1\n$$;",
      at: "SELECT",
    },
  ],
  good: [
    { sql: "-- IN CAPITALS\ncreate policy \"Owners read\" on a.b using (c ~ 'ABC');" },
    { sql: "select X'1F', E'A', 1E5, a.f();" },
  ],
  *check({ file }) {
    // Of what does not parse, the syntax is the news.
    const broken = file.failures.map(({ offset, text }) => {
      const from = file.text.lastIndexOf(text, offset);
      return { from, to: from + text.length };
    });
    for (const { start, text } of wordsOf(file)) {
      if (text === text.toLowerCase()) continue;
      if (broken.some(({ from, to }) => from <= start && start < to)) continue;
      yield {
        file,
        offset: start,
        problem: `"${text}" is not lowercase.`,
        remedy: `Write ${text.toLowerCase()}, or snake_case for a name of several words.`,
      };
    }
  },
};

/** The words of the file, and those inside bodies, which the scanner takes for strings. */
function wordsOf(file: SourceFile): Token[] {
  const bodies = file.statements.flatMap(({ body }) =>
    body ? tokensOf(body.text).map((token) => ({ ...token, start: body.start + token.start })) : [],
  );
  return [...file.tokens, ...bodies].filter(({ kind }) => kind === "word");
}
