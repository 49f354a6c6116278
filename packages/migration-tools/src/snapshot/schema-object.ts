/** One thing that a migration can make or change, in a form that reads and compares as text. */
export interface SchemaObject {
  /** E.g. `table`, `column`, `policy`, `grant`. */
  kind: string;
  /** Unique within its kind, schema-qualified: `public.video_recordings.filename`. */
  name: string;
  /** All that is known of it, one property a line. */
  definition: string;
  /** What it goes away with, as `<kind> <name>`: a column names its table. */
  parent?: string;
}

/** How an object of the compared database departs from what was expected. */
export interface SchemaDifference {
  kind: string;
  name: string;
  change: "missing" | "unexpected" | "changed";
  /** The expected definition; null where the object should not be. */
  expected: string | null;
  /** The definition found; null where the object is not. */
  actual: string | null;
  /** What is missing or unexpected along with it, as `<kind> <name>`: a table's columns, grants … */
  parts: string[];
}
