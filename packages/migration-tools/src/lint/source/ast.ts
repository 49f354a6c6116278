/** Ways into the parser's tree, in which every node is an object `{ Kind: { … } }`. */
import type { Node, RangeVar, TypeName } from "@libpg-query/parser";

export type { Node, RangeVar, TypeName } from "@libpg-query/parser";

export type NodeKind = Node extends infer N ? (N extends unknown ? keyof N : never) : never;

export type NodeOf<K extends NodeKind> = Node extends infer N
  ? N extends Record<K, infer V>
    ? V
    : never
  : never;

export function isNode<K extends NodeKind>(value: unknown, kind: K): value is Record<K, NodeOf<K>> {
  return typeof value === "object" && value !== null && kind in value;
}

/** The node's fields if it is of this kind. */
export function pick<K extends NodeKind>(value: unknown, kind: K): NodeOf<K> | undefined {
  return isNode(value, kind) ? value[kind] : undefined;
}

/** Of a list, the nodes of one kind. */
export function pickAll<K extends NodeKind>(list: Node[] | undefined, kind: K): NodeOf<K>[] {
  return (list ?? []).flatMap((node) => pick(node, kind) ?? []);
}

// Many rules walk the same trees; one walk of each is enough.
const walked = new WeakMap<object, object[]>();

/** Every object below and including `root`, outer ones first. */
export function everyObject(root: unknown): object[] {
  if (typeof root !== "object" || root === null) return [];
  const known = walked.get(root);
  if (known) return known;
  const found: object[] = [];
  collect(root, found);
  walked.set(root, found);
  return found;
}

function collect(value: unknown, found: object[]): void {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) found.push(value);
  for (const child of Object.values(value)) collect(child, found);
}

/** Every node of one kind, at any depth. */
export function* nodesIn<K extends NodeKind>(root: unknown, kind: K): Generator<NodeOf<K>> {
  for (const value of everyObject(root)) if (isNode(value, kind)) yield value[kind];
}

/** Every relation that is named, at any depth. */
export function* relationsIn(root: unknown): Generator<RangeVar> {
  for (const value of everyObject(root)) if (isRangeVar(value)) yield value;
}

/** Every type that is named, at any depth. */
export function* typesIn(root: unknown): Generator<TypeName> {
  for (const value of everyObject(root)) if (isTypeName(value)) yield value;
}

function isTypeName(value: object): value is TypeName {
  return "names" in value && "typemod" in value;
}

function isRangeVar(value: object): value is RangeVar {
  return "relname" in value;
}

/** The words of a list of strings, such as the parts of a name. */
export function words(list: Node[] | undefined): string[] {
  return pickAll(list, "String").map(({ sval }) => sval ?? "");
}
