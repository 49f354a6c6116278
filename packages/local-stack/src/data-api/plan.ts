import {
  columnOf,
  list,
  name,
  type Part,
  part,
  type QualifiedName,
  qualified,
} from "../sql/statement.ts";
import { type Catalog, nameId, type Relation } from "./catalog.ts";
import { Refusal } from "./errors.ts";
import type { Clauses, Query } from "./query.ts";
import { findRelationship, type Relationship } from "./relationships.ts";
import type { Embed, SelectItem } from "./select-syntax.ts";

/** One table of a read: what is selected of it, and what is embedded in its rows. */
export interface Node {
  /** Null for rows of no table's type. */
  relation: Relation | null;
  alias: string;
  source: Part;
  /** Conditions that tie it to the row it is embedded in. */
  joins: Part[];
  items: SelectItem[];
  clauses: Clauses;
  children: Map<Embed, Child>;
  /** Rows of a mutation or a call, which have lost their table's type. */
  isDerived: boolean;
}

export interface Child {
  node: Node;
  relationship: Relationship;
  /** Key in the answer. */
  label: string;
  /** Name of its lateral join. */
  lateral: string;
}

export interface Root {
  name: QualifiedName;
  relation: Relation | null;
  source: Part;
  isDerived: boolean;
}

/** Finds what every embedding is about. @throws Refusal */
export function planRead(catalog: Catalog, query: Query, root: Root, maxRows: number): Node {
  const seen = new Set([""]);
  const node = makeNode({
    ...root,
    alias: root.name.name,
    joins: [],
    items: query.items,
    paths: [""],
    depth: 1,
  });
  for (const path of query.clauses.keys()) {
    if (seen.has(path)) continue;
    throw new Refusal(400, {
      code: "PGRST108",
      message: `'${path}' is not an embedded resource in this request`,
      hint: `Verify that '${path}' is included in the 'select' query parameter.`,
    });
  }
  return node;

  function makeNode(
    start: Omit<Node, "clauses" | "children"> & { paths: string[]; depth: number },
  ): Node {
    const { paths, depth, ...rest } = start;
    const clauses = clausesOf(paths);
    const made: Node = { ...rest, clauses, children: new Map() };
    const embeds = made.items.filter((item) => item.kind === "embed");
    for (const embed of embeds) {
      const names = [embed.alias, embed.name].filter(
        (one) => one !== undefined && embeds.find((each) => isCalled(each, one)) === embed,
      );
      const below = paths.flatMap((path) =>
        names.map((one) => (path === "" ? `${one}` : `${path}.${one}`)),
      );
      made.children.set(embed, makeChild(made, embed, below, depth));
    }
    return made;
  }

  function clausesOf(paths: string[]): Clauses {
    const given = paths.flatMap((path) => query.clauses.get(path) ?? []);
    for (const path of paths) seen.add(path);
    const all: Clauses = Object.assign({}, ...given, {
      conditions: given.flatMap(({ conditions }) => conditions),
      order: given.flatMap(({ order }) => order),
    });
    return { ...all, limit: Math.min(all.limit ?? maxRows, maxRows) };
  }

  function makeChild(parent: Node, embed: Embed, paths: string[], depth: number): Child {
    const label = embed.alias ?? embed.name;
    const parentName = parent.relation ?? { schema: root.name.schema, name: parent.alias };
    const relationship = findRelationship(catalog, parentName, embed);
    const alias = `${relationship.target.name}_${depth}`;
    const node = makeNode({
      relation: catalog.relations.get(nameId(relationship.target)) ?? null,
      alias,
      ...sourceOf(parent, relationship, alias),
      items: embed.items,
      isDerived: false,
      paths,
      depth: depth + 1,
    });
    return { node, relationship, label, lateral: `${parent.alias}_${label}_${depth}` };
  }
}

/** Filters, orders and limits may name an embedding by its alias or by what it is of. */
function isCalled({ alias, name }: Embed, one: string): boolean {
  return alias === one || name === one;
}

function sourceOf(
  parent: Node,
  { kind, target, constraint, pairs, junction }: Relationship,
  alias: string,
): { source: Part; joins: Part[] } {
  const table = part`${qualified(target)} as ${name(alias)}`;
  if (kind === "computed") {
    const routine = qualified({ schema: parent.relation?.schema ?? "public", name: constraint });
    return { source: part`${routine}(${rowOf(parent)}) as ${name(alias)}`, joins: [] };
  }
  const equal = (one: string, other: string, [own, theirs]: [string, string]) =>
    part`${columnOf(one, own)} = ${columnOf(other, theirs)}`;
  if (junction === undefined) {
    return { source: table, joins: pairs.map((pair) => equal(parent.alias, alias, pair)) };
  }
  const through = `${junction.table.name}_through_${alias}`;
  return {
    source: part`${table}, ${qualified(junction.table)} as ${name(through)}`,
    joins: [
      ...junction.pairs.map((pair) => equal(parent.alias, through, pair)),
      ...pairs.map((pair) => equal(through, alias, pair)),
    ],
  };
}

/** A row as its table's type. */
function rowOf({ relation, alias, isDerived }: Node): Part {
  if (!isDerived || relation === null) return name(alias);
  const columns = relation.columns.map((column) => columnOf(alias, column.name));
  return part`row(${list(columns)})::${qualified(relation)}`;
}

/** Columns that a mutation or a call has to return for a read of its rows; null for all. */
export function neededColumns(node: Node): string[] | null {
  const needed = new Set<string>();
  const all = node.relation?.columns.map((column) => column.name);
  const addAll = () => {
    for (const column of all ?? ["*"]) needed.add(column);
  };
  for (const item of node.items) {
    if (item.kind === "field") {
      if (item.name !== "*") needed.add(item.name);
      else if (item.aggregate === undefined) addAll();
      continue;
    }
    const relationship = node.children.get(item)?.relationship;
    if (relationship?.kind === "computed") addAll();
    for (const [own] of relationship?.junction?.pairs ?? relationship?.pairs ?? []) needed.add(own);
  }
  const visit = (conditions: Clauses["conditions"]): void => {
    for (const condition of conditions) {
      if (condition.kind === "comparison") addUnlessChild(condition.column);
      else visit(condition.conditions);
    }
  };
  visit(node.clauses.conditions);
  for (const term of node.clauses.order) if (term.related === undefined) needed.add(term.column);
  return needed.has("*") ? null : [...needed];

  function addUnlessChild(column: string): void {
    if (![...node.children.values()].some(({ label }) => label === column)) needed.add(column);
  }
}
