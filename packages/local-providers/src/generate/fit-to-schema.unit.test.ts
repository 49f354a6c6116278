import { describe, expect, it } from "vitest";
import { fitToSchema } from "./fit-to-schema.ts";

const object = (properties: object, required: string[] = []) => ({
  type: "OBJECT",
  properties,
  required,
});

describe("fitting a reply to a response schema", () => {
  it("leaves out what was not asked for", () => {
    const schema = object({ title: { type: "STRING" } });

    expect(fitToSchema({ title: "a", extra: 1 }, schema)).toEqual({ title: "a" });
  });

  it.each([
    ["upper", "ARRAY", "INTEGER"],
    ["lower", "array", "integer"],
  ])("takes types in %s case", (_case, type, itemType) => {
    expect(fitToSchema([1.6, 2], { type, items: { type: itemType } })).toEqual([2, 2]);
  });

  it("takes null by nullable, by a list of types and by anyOf", () => {
    const string = { type: "string" };
    for (const drill of [
      { ...string, nullable: true },
      { type: ["string", "null"] },
      { anyOf: [string, { type: "null" }] },
    ]) {
      expect(fitToSchema({ drill: null }, object({ drill }, ["drill"]))).toEqual({ drill: null });
      expect(fitToSchema({ drill: "x" }, object({ drill }, ["drill"]))).toEqual({ drill: "x" });
    }
  });

  it("moves a value into an enum's neutral choice", () => {
    const schema = { type: "string", enum: ["form", "other", "pace"] };

    expect(fitToSchema("movement", schema)).toBe("other");
    expect(fitToSchema("pace", schema)).toBe("pace");
  });

  it("refuses to make up what was not measured", () => {
    const schema = object({ swing_speed: { type: "number" } }, ["swing_speed"]);

    expect(() => fitToSchema({}, schema)).toThrow("demands $.swing_speed");
  });

  it("leaves everything as it is without a schema", () => {
    expect(fitToSchema({ a: 1 }, undefined)).toEqual({ a: 1 });
  });
});
