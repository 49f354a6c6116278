import { expect, test } from "vitest";
import { z } from "zod";
import { StorageError } from "./errors.ts";
import { check } from "./validate.ts";

const schema = z.object({
  name: z.string(),
  limit: z.int().positive().default(100),
  isPublic: z.boolean().optional(),
  prefixes: z.array(z.string()).min(1).max(2).optional(),
  sortBy: z.object({ column: z.enum(["name", "updated_at"]) }).optional(),
});

test.each<[given: object, read: object]>([
  [
    { name: 7, limit: "5" },
    { name: "7", limit: 5 },
  ],
  [
    { name: null, isPublic: "true" },
    { name: "", limit: 100, isPublic: true },
  ],
  [
    { name: "a", prefixes: "b" },
    { name: "a", limit: 100, prefixes: ["b"] },
  ],
])("%j is read as %j", (given, read) => {
  expect(check("body", schema, given)).toEqual(read);
});

test.each<[given: unknown, sentence: string]>([
  [{}, "body must have required property 'name'"],
  [{ name: "a", limit: 0 }, "body/limit must be >= 1"],
  [{ name: "a", limit: "many" }, "body/limit must be integer"],
  [{ name: "a", limit: 1.5 }, "body/limit must be integer"],
  [{ name: "a", isPublic: "yes" }, "body/isPublic must be boolean"],
  [{ name: "a", prefixes: [] }, "body/prefixes must NOT have fewer than 1 items"],
  [{ name: "a", prefixes: ["b", "c", "d"] }, "body/prefixes must NOT have more than 2 items"],
  [{ name: "a", sortBy: {} }, "body/sortBy must have required property 'column'"],
  [
    { name: "a", sortBy: { column: "size" } },
    "body/sortBy/column must be equal to one of the allowed values",
  ],
  ["text", "body must be object"],
])("%j: %s", (given, sentence) => {
  expect(() => check("body", schema, given)).toThrow(StorageError);
  expect(() => check("body", schema, given)).toThrow(sentence);
});
