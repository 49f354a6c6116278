import type { Rule } from "../rule.ts";
import { pick, words } from "../source/ast.ts";
import { parseStatement } from "../source/parse.ts";

export const noDynamicSql: Rule = {
  id: "no-dynamic-sql",
  says: "PL/pgSQL executes no text but one literal in which `format` fills names (`%I`) and values (`%L`).",
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
      sql: "create function a.f(t text) returns void language plpgsql as $$\nbegin\n  execute format('delete from a.%I ', t) || t;\nend\n$$;",
      at: "execute format",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\nbegin\n  execute format('delete from a.%I ' || t, t);\nend\n$$;",
      at: "execute format",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\nbegin\n  execute format('delete from a.%1$I where %2$s', t, t);\nend\n$$;",
      at: "execute format",
    },
    {
      sql: "create function a.f(t text) returns setof int language plpgsql as $$\nbegin\n  return query execute t;\nend\n$$;",
      at: "execute t",
    },
  ],
  good: [
    {
      sql: "create trigger t before insert on a.b for each row execute function a.f();",
    },
    {
      sql: "create function a.f(t text) returns void language plpgsql as $$\nbegin\n  execute format('update a.%1$I as x set b = %2$L, c = ''5%%'' where x.d = $1', t || '_items', t) using t;\nend\n$$;",
    },
    {
      sql: "create function a.f(t text) returns setof int language plpgsql as $$\nbegin\n  return query execute format('select i.id from a.%I as i', t);\nend\n$$;",
    },
  ],
  *check({ file }) {
    for (const { body } of file.statements) {
      for (const { offset, text } of body?.executes ?? []) {
        if (fillsOneLiteral(text)) continue;
        yield {
          file,
          offset,
          problem: "SQL that is put together at run time cannot be checked.",
          remedy: "Write the statement itself, or format('…') with names as %I and values as %L.",
        };
      }
    }
  },
};

/** Whether the expression is `format` of one literal with nothing but quoted names and values. */
function fillsOneLiteral(expression: string): boolean {
  const parsed = parseStatement(`select ${expression}`);
  if (!parsed.ok) return false;
  const target = pick(pick(parsed.tree, "SelectStmt")?.targetList?.[0], "ResTarget");
  const call = pick(target?.val, "FuncCall");
  const literal = pick(call?.args?.[0], "A_Const")?.sval?.sval;
  if (words(call?.funcname).join(".") !== "format" || literal === undefined) return false;
  return !literal.replace(/%(\d+\$)?[IL]|%%/g, "").includes("%");
}
