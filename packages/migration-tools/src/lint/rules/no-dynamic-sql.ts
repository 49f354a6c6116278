import type { Rule } from "../rule.ts";

export const noDynamicSql: Rule = {
  id: "no-dynamic-sql",
  says: "No `execute` of text in PL/pgSQL.",
  why: "Nobody can check the text: not the parser, not this linter, not the one who reviews it.",
  covers: "both",
  bad: [
    {
      sql: "create function a.f() returns void language plpgsql security definer as $$\nbegin\n  execute 'create unique index on storage.objects (bucket_id, name, owner)';\nend\n$$;",
      at: "execute 'create",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\ndeclare\n  r record;\nbegin\n  for r in execute format('select * from %I', t) loop\n    null;\n  end loop;\nend\n$$;",
      at: "execute format",
    },
  ],
  good: [
    {
      sql: "create trigger t before insert on a.b for each row execute function a.f();",
    },
  ],
  *check({ file }) {
    for (const { body } of file.statements) {
      for (const offset of body?.executes ?? []) {
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
