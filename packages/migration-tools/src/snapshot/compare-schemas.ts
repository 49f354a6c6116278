import type { SchemaDifference, SchemaObject } from "./schema-object.ts";

/**
 * What has to be done to `actual` to make it `expected`, sorted by kind and name. What a missing or
 * unexpected object brings along (a table its columns, policies and grants) is counted in `parts`.
 */
export function compareSchemas(
  expected: SchemaObject[],
  actual: SchemaObject[],
): SchemaDifference[] {
  const wanted = byKey(expected);
  const found = byKey(actual);
  const differences = new Map<string, SchemaDifference>();
  for (const key of [...new Set([...wanted.keys(), ...found.keys()])].sort()) {
    const difference = compare(wanted.get(key), found.get(key));
    if (difference !== null) differences.set(key, difference);
  }
  const shown: SchemaDifference[] = [];
  for (const [key, difference] of differences) {
    const whole = outermost(key);
    if (whole === key) shown.push(difference);
    else differences.get(whole)?.parts.push(key);
  }
  return shown;

  /** The largest missing or unexpected object that this one is part of; itself where there is none. */
  function outermost(key: string): string {
    const difference = differences.get(key);
    const parent = (wanted.get(key) ?? found.get(key))?.parent;
    if (difference === undefined || difference.change === "changed" || parent === undefined) {
      return key;
    }
    return differences.get(parent)?.change === difference.change ? outermost(parent) : key;
  }
}

/** What others may make, on a platform or in the dashboard, and what undos leave on purpose. */
const everybodys = ["bucket", "extension"];

function compare(
  wanted: SchemaObject | undefined,
  found: SchemaObject | undefined,
): SchemaDifference | null {
  const object = wanted ?? found;
  if (object === undefined || wanted?.definition === found?.definition) return null;
  const change = wanted === undefined ? "unexpected" : found === undefined ? "missing" : "changed";
  if (change === "unexpected" && everybodys.includes(object.kind)) return null;
  return {
    kind: object.kind,
    name: object.name,
    change,
    expected: wanted?.definition ?? null,
    actual: found?.definition ?? null,
    parts: [],
  };
}

function byKey(objects: SchemaObject[]): Map<string, SchemaObject> {
  return new Map(objects.map((object) => [`${object.kind} ${object.name}`, object]));
}
