import { expect, test } from "vitest";
import { assignments, identifier, insertion, part, written } from "./statement.ts";

test("values become parameters, those of parts among them, in the order of the text", () => {
  const condition = part`b = ${2} and ${part`c = ${3}`}`;
  const statement = part`select ${1} from t where ${condition} limit ${4}`;

  expect(written(statement)).toEqual({
    text: "select $1 from t where b = $2 and c = $3 limit $4",
    values: [1, 2, 3, 4],
  });
});

test("identifiers are quoted word by word, whatever they hold", () => {
  const statement = part`select from ${identifier("pipeline.claim")}, ${identifier('a"; drop')}`;

  expect(written(statement)).toEqual({
    text: 'select from "pipeline"."claim", "a""; drop"',
    values: [],
  });
});

test("a row becomes an insertion or assignments", () => {
  const row = { id: 1, note: null };

  expect(written(part`insert into t ${insertion(row)}`)).toEqual({
    text: 'insert into t ("id", "note") values ($1, $2)',
    values: [1, null],
  });
  expect(written(part`update t set ${assignments(row)}`)).toEqual({
    text: 'update t set "id" = $1, "note" = $2',
    values: [1, null],
  });
});
