import { describe, expect, test } from "vitest";
import type { ForeignKey } from "./foreign-keys.ts";
import { clientLine, restLine, shortestSelect } from "./patterns.ts";
import { findRelationships } from "./relationship.ts";

const exposed = ["public", "pipeline"];

function key(from: string, to: string, more: Partial<ForeignKey> = {}): ForeignKey {
  const [table = "", column = ""] = from.split(".");
  return {
    name: `${table}_${column}_fkey`,
    schema: "public",
    table,
    columns: [column],
    isUnique: false,
    isNullable: false,
    isPartOfPrimaryKey: false,
    targetSchema: "public",
    targetTable: to,
    targetColumns: ["id"],
    ...more,
  };
}

function seen(keys: ForeignKey[]) {
  return findRelationships(keys, exposed).reachable.map(
    ({ table, target, cardinality, hint, needsHint, mayBeNull }) =>
      [table, cardinality, target, hint, needsHint, mayBeNull] as const,
  );
}

describe("a foreign key", () => {
  test("needs its name as a hint where another joins the same tables", () => {
    const relationships = findRelationships(
      [key("letters.sender_id", "people"), key("letters.receiver_id", "people")],
      exposed,
    ).reachable;

    expect(relationships.map(({ needsHint }) => needsHint)).toEqual([true, true, true, true]);
    expect(relationships.map(shortestSelect)).toContain("*, people!letters_receiver_id_fkey(*)");
  });

  test("into a schema that the Data API does not show is none, and neither is one across", () => {
    const { reachable, unreachable } = findRelationships(
      [
        key("clips.user_id", "users", { targetSchema: "auth" }),
        key("clips.stage", "stages", { targetSchema: "pipeline" }),
      ],
      exposed,
    );

    expect(reachable).toEqual([]);
    expect(unreachable.map(({ reason }) => reason)).toEqual([
      "schema auth is not exposed by the Data API",
      "an embedding does not leave its schema",
    ]);
  });
});

describe("a join table", () => {
  const parts = { isPartOfPrimaryKey: true };

  test("makes its targets many-to-many, hinted by its own name", () => {
    const many = seen([key("tagged.clip_id", "clips", parts), key("tagged.tag_id", "tags", parts)]);

    expect(many.filter(([, cardinality]) => cardinality === "many-to-many")).toEqual([
      ["clips", "many-to-many", "tags", "tagged", false, false],
      ["tags", "many-to-many", "clips", "tagged", false, false],
    ]);
  });

  test("is one only with both keys in its primary key", () => {
    const many = seen([key("tagged.clip_id", "clips", parts), key("tagged.tag_id", "tags")]);

    expect(many.map(([, cardinality]) => cardinality)).not.toContain("many-to-many");
  });
});

test("patterns name the schema where it is not public", () => {
  const [, back] = findRelationships(
    [key("stage_clocks.stage", "stages", { schema: "pipeline", targetSchema: "pipeline" })],
    exposed,
  ).reachable;
  if (back === undefined) throw new Error("no relationship");
  const select = shortestSelect(back);

  expect(clientLine(back, select)).toBe(
    'client.schema("pipeline").from("stages").select("*, stage_clocks(*)")',
  );
  expect(restLine(back, select)).toBe(
    "GET /rest/v1/stages?select=*,stage_clocks(*)   # Accept-Profile: pipeline",
  );
});
