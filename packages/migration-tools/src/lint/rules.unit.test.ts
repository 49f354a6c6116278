import { describe, expect, test } from "vitest";
import { lint } from "./lint.ts";
import type { Example, Project, Rule } from "./rule.ts";
import { rules } from "./rules.ts";
import { readSource } from "./source/read-source.ts";

const usual = "20261101090100_topic.sql";

/** An example as the project it would stand in; `given` is a migration before it. */
function projectOf({ covers }: Rule, example: Example): Project {
  const { name = usual, earlier, given, sql, rollback = "" } = example;
  if (covers === "rollbacks") {
    const undone = given === undefined ? [] : [readSource(name, given)];
    const first = earlier === undefined ? [] : [readSource("20261101090000_given.sql", earlier)];
    return { migrations: [...first, ...undone], rollbacks: [readSource(name, sql, "rollback")] };
  }
  const before = given === undefined ? [] : [readSource("20261101090000_given.sql", given)];
  const undo = rollback === null ? [] : [readSource(`rollbacks/${name}`, rollback, "rollback")];
  return { migrations: [...before, readSource(name, sql)], rollbacks: undo };
}

function findingsIn(rule: Rule, example: Example) {
  const { name = usual } = example;
  return lint(projectOf(rule, example), [rule]).filter(({ file }) => file === name);
}

function textAt(sql: string, line: number, column: number): string {
  const lines = sql.split("\n").slice(line - 1);
  return lines.join("\n").slice(column - 1);
}

describe.each(rules)("$id", (rule) => {
  test.each(rule.bad)("finds $sql", (example) => {
    const found = findingsIn(rule, example).map(({ line, column }) =>
      textAt(example.sql, line, column),
    );

    expect(found).not.toEqual([]);
    expect(found[0]?.slice(0, example.at.length)).toBe(example.at);
  });

  test.each(rule.good)("lets pass $sql", (example) => {
    expect(findingsIn(rule, example)).toEqual([]);
  });

  test.each([...rule.bad, ...rule.good])("is tried on SQL that parses: $sql", (example) => {
    const { migrations, rollbacks } = projectOf(rule, example);
    const isBroken = rule.id === "syntax" && rule.bad.some(({ sql }) => sql === example.sql);

    const failures = [...migrations, ...rollbacks].flatMap((file) => file.failures);

    expect(failures.length > 0).toBe(isBroken);
  });

  test("has both examples and speaks in sentences", () => {
    expect(rule.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(rule.bad.length).toBeGreaterThan(0);
    expect(rule.good.length).toBeGreaterThan(0);
    const said = rule.bad.flatMap((example) => findingsIn(rule, example));
    for (const { problem, remedy } of said) {
      expect(problem).toMatch(/^\S+ .*\.$/s);
      expect(remedy).toMatch(/^\S+ .*[.;)…]$/s);
    }
  });
});

test("no two rules have the same id", () => {
  expect(new Set(rules.map(({ id }) => id)).size).toBe(rules.length);
});
