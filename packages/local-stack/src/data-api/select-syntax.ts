import { ParseFailure } from "./errors.ts";

/** A column or a path into one, perhaps aggregated: `total:amount->x::int.sum()::text`. */
export interface Field {
  kind: "field";
  name: string;
  /** Steps with their arrows: `->a`, `->>b`. */
  path: string[];
  alias?: string;
  cast?: string;
  aggregate?: string;
  aggregateCast?: string;
}

/** Rows of a related table: `alias:table!hint!inner(items)`, `...table(items)`. */
export interface Embed {
  kind: "embed";
  isSpread: boolean;
  name: string;
  alias?: string;
  hint?: string;
  isInner: boolean;
  items: SelectItem[];
}

export type SelectItem = Field | Embed;

const aggregates = new Set(["sum", "avg", "count", "max", "min"]);

export function parseSelect(text: string): SelectItem[] {
  let at = 0;
  const result = items();
  if (at < text.length) fail();
  return result;

  function items(): SelectItem[] {
    const found: SelectItem[] = [];
    if (at >= text.length || text[at] === ")") return found;
    do found.push(item());
    while (take(","));
    return found;
  }

  function item(): SelectItem {
    blanks();
    if (take("...")) return embed(aliased(), true);
    if (/^count\(\)/.test(text.slice(at))) return counted(undefined);
    const start = aliased();
    if (start.alias !== undefined && /^$/.test(start.name)) return counted(start.alias);
    return text[at] === "(" || text[at] === "!" ? embed(start, false) : field(start);
  }

  function aliased(): { name: string; alias?: string } {
    const first = word();
    if (text[at] !== ":" || text[at + 1] === ":") return { name: first };
    at++;
    blanks();
    if (/^count\(\)/.test(text.slice(at))) return { name: "", alias: first };
    return { name: word(), alias: first };
  }

  function counted(alias: string | undefined): Field {
    at += "count()".length;
    const all: Field = { kind: "field", name: "*", path: [], aggregate: "count" };
    if (alias !== undefined) all.alias = alias;
    if (take("::")) all.aggregateCast = type();
    return all;
  }

  function field(start: { name: string; alias?: string }): Field {
    const one: Field = { kind: "field", ...start, path: path() };
    if (take("::")) one.cast = type();
    const call = /^\.([a-z]+)\(\)/.exec(text.slice(at));
    if (call?.[1] !== undefined && aggregates.has(call[1])) {
      at += call[0].length;
      one.aggregate = call[1];
      if (take("::")) one.aggregateCast = type();
    }
    return one;
  }

  function embed(start: { name: string; alias?: string }, isSpread: boolean): Embed {
    const one: Embed = { kind: "embed", isSpread, isInner: false, ...start, items: [] };
    while (take("!")) {
      const hint = word();
      if (hint === "inner") one.isInner = true;
      else if (hint !== "left") one.hint = hint;
    }
    if (!take("(")) fail();
    one.items = items();
    if (!take(")")) fail();
    return one;
  }

  function path(): string[] {
    const steps: string[] = [];
    for (;;) {
      const arrow = take("->>") ? "->>" : take("->") ? "->" : null;
      if (arrow === null) return steps;
      steps.push(arrow + word());
    }
  }

  function type(): string {
    const found = /^[\w ]+(\[\])?/.exec(text.slice(at))?.[0] ?? fail();
    at += found.length;
    return found.trim();
  }

  function word(): string {
    if (text[at] === '"') {
      const found = /^"((?:\\.|[^"\\])*)"/.exec(text.slice(at)) ?? fail();
      at += found[0].length;
      return (found[1] ?? "").replace(/\\(.)/g, "$1");
    }
    const found = /^(?:-(?!>)|[^-,():.!"])+/.exec(text.slice(at))?.[0] ?? fail();
    at += found.length;
    return found.trim();
  }

  function blanks(): void {
    while (text[at] === " ") at++;
  }

  function take(token: string): boolean {
    if (!text.startsWith(token, at)) return false;
    at += token.length;
    return true;
  }

  function fail(): never {
    throw new ParseFailure("select parameter", text, at);
  }
}

/** The key of a field in the answer. */
export function labelOf({ name, path, alias, aggregate }: Field): string {
  if (alias !== undefined) return alias;
  if (aggregate !== undefined) return aggregate;
  const keys = path.map((step) => step.replace(/^->>?/, "")).filter((key) => !/^-?\d+$/.test(key));
  return keys.at(-1) ?? name;
}
