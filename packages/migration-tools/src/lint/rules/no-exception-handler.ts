import type { Rule } from "../rule.ts";

export const noExceptionHandler: Rule = {
  id: "no-exception-handler",
  says: "No exception handlers in PL/pgSQL.",
  why: "A handler turns a failure into a success that did nothing, and costs a subtransaction.",
  covers: "both",
  bad: [
    {
      sql: "do $$\nbegin\n  create table a.b (id int);\nexception when others then\n  null;\nend\n$$;",
      at: "exception when",
    },
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  begin\n    perform a.g();\n  exception when unique_violation then\n    return;\n  end;\nend\n$$;",
      at: "exception when",
    },
  ],
  good: [
    {
      sql: "create function a.f() returns void language plpgsql as $$\nbegin\n  raise exception 'no';\nend\n$$;",
    },
  ],
  *check({ file }) {
    for (const { body } of file.statements) {
      for (const offset of body?.handlers ?? []) {
        yield {
          file,
          offset,
          problem: "An exception handler hides a wrong state.",
          remedy:
            "Let the error through, or ask beforehand (on conflict, a condition) and act on it.",
        };
      }
    }
  },
};
