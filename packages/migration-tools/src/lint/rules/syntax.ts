import type { Rule } from "../rule.ts";
import type { Failure } from "../source/source-file.ts";

export const syntax: Rule = {
  id: "syntax",
  says: "PostgreSQL's own parser accepts every statement and every body.",
  why: "A file that stops halfway is found here instead of in production.",
  remedy: "Mend the statement; what stands after it in the file has been checked by itself.",
  covers: "both",
  *find({ failures }) {
    for (const failure of failures) {
      const words = procedural(failure);
      yield { offset: failure.offset, problem: refusal(failure), ...words };
      // Its end if and the like would be refused as well; they say nothing new.
      if (words) break;
    }
  },
};

function refusal({ inBody, message }: Failure): string {
  return `PostgreSQL refuses ${inBody ? "the body" : "the statement"}: ${message}.`;
}

const keyword =
  /^(if|elsif|else|end\s+if|exception|declare|loop|for|while|raise|perform|return)\b/i;

/** What to say of PL/pgSQL outside of a function; null for anything else. */
function procedural({ inBody, text }: Failure): { problem: string; remedy: string } | null {
  const word = inBody ? undefined : keyword.exec(text)?.[1]?.toUpperCase();
  if (!word) return null;
  if (word === "EXCEPTION") {
    return {
      problem: "EXCEPTION stands outside PL/pgSQL, where a migration cannot catch errors.",
      remedy: "Remove it: a migration that fails must stop, and the CLI undoes its transaction.",
    };
  }
  return {
    problem: `${word} stands outside PL/pgSQL, where SQL has no branches or loops.`,
    remedy: "Write plain DDL: a migration knows what is there, because those before it made it.",
  };
}
