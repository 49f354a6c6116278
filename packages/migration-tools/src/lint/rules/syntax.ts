import type { Rule } from "../rule.ts";
import type { Failure } from "../source/source-file.ts";

export const syntax: Rule = {
  id: "syntax",
  says: "PostgreSQL's own parser accepts every statement and every body.",
  why: "A file that stops halfway is found here instead of in production.",
  covers: "both",
  bad: [
    { sql: "create tabel public.notes (id bigint);", at: "tabel" },
    {
      sql: "create table public.a (id int);\nIF NOT EXISTS (select 1 from pg_tables) THEN\n  create table public.b (id int);\nEND IF;",
      at: "IF NOT",
    },
    {
      sql: "create table public.a (id int);\nEXCEPTION WHEN OTHERS THEN null;",
      at: "EXCEPTION",
    },
    { sql: "declare v_count int;", at: "int" },
    {
      sql: "create function a.f() returns int language plpgsql as $$\nbegin\n  insert into a.b valeus (1);\nend\n$$;",
      at: "valeus",
    },
    {
      sql: "create function a.f() returns int language sql as $$\n  select from where\n$$;",
      at: "where",
    },
    { sql: "create schema a;\ncomment on schema a is 'It's open;", at: "s open" },
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  if true the\n    null;\n  end if;\nend\n$$;",
      at: "begin",
    },
  ],
  good: [
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  if true then\n    null;\n  end if;\nend\n$$;",
    },
    {
      sql: "create function a.f(x int) returns int begin atomic; select case when x > 1 then 1 end; end;",
    },
  ],
  *check({ file }) {
    for (const failure of file.failures) {
      const { problem, remedy } = explain(failure);
      yield { file, offset: failure.offset, problem, remedy };
      // Its end if and the like would be refused as well; they say nothing new.
      if (isProcedural(failure)) break;
    }
  },
};

const procedural =
  /^(if|elsif|else|end\s+if|exception|declare|loop|for|while|raise|perform|return)\b/i;

function isProcedural({ inBody, text }: Failure): boolean {
  return !inBody && procedural.test(text);
}

function explain(failure: Failure): { problem: string; remedy: string } {
  const word = procedural.exec(failure.text)?.[1]?.toUpperCase();
  if (!isProcedural(failure) || !word) {
    return {
      problem: `PostgreSQL refuses ${failure.inBody ? "the body" : "the statement"}: ${failure.message}.`,
      remedy: "Mend the statement; what stands after it in the file has been checked by itself.",
    };
  }
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
