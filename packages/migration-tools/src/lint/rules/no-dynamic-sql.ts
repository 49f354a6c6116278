import type { Rule } from "../rule.ts";

export const noDynamicSql: Rule = {
  id: "no-dynamic-sql",
  says: "No `execute` of text in PL/pgSQL, but of a literal in which `format` fills in names (%I).",
  why: "Nobody can check other text: not the parser, not this linter, not the one who reviews it.",
  covers: "both",
  bad: [
    {
      sql: "create function a.f() returns void language plpgsql security definer as $$\nbegin\n  execute 'create unique index on storage.objects (bucket_id, name, owner)';\nend\n$$;",
      at: "execute 'create",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\ndeclare\n  r record;\nbegin\n  for r in execute format('select * from %s', t) loop\n    null;\n  end loop;\nend\n$$;",
      at: "execute format",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\nbegin\n  execute format('select * from %I' || t, t);\nend\n$$;",
      at: "execute format",
    },
  ],
  good: [
    {
      sql: "create trigger t before insert on a.b for each row execute function a.f();",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\nbegin\n  execute format('select from a.%I where id = $1', t) using 1;\nend\n$$;",
    },
  ],
  *check({ file }) {
    for (const { body } of file.statements) {
      for (const offset of body?.executes ?? []) {
        if (fillsInNames(file.text.slice(offset))) continue;
        yield {
          file,
          offset,
          problem: "SQL that is put together at run time cannot be checked.",
          remedy: "Write the statement itself, one per case if there are several.",
        };
      }
    }
  },
};

/** `execute format('…')` of one literal whose only places are names and quoted values. */
function fillsInNames(text: string): boolean {
  const literal = /^execute\s+format\(\s*'((?:[^']|'')*)'\s*,/i.exec(text)?.[1];
  return literal !== undefined && !/%(?!(?:\d+\$)?[IL]|%)/.test(literal);
}
