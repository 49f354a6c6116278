import { posix } from "node:path";

/** Source text by path from the project's root, with `/`. */
export type Sources = ReadonlyMap<string, string>;

/** The files that each file imports, types included, as far as they are files of the project. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

const importing = /\b(?:from|import)\s*\(?\s*"([^"\n]+)"/g;

/** @param entries of packages: the file behind `@sideline/contracts` and the like */
export function importGraph(
  sources: Sources,
  entries: ReadonlyMap<string, string> = new Map(),
): ImportGraph {
  const graph = new Map<string, string[]>();
  for (const [file, text] of sources) {
    const imported = [...text.matchAll(importing)].flatMap(([, name = ""]) => {
      const target = name.startsWith(".")
        ? posix.join(posix.dirname(file), name)
        : entries.get(name);
      return target !== undefined && sources.has(target) ? [target] : [];
    });
    graph.set(file, [...new Set(imported)]);
  }
  return graph;
}

/** Imports from one package straight into another's `src`, past what its package.json exports. */
export function deepImports(graph: ImportGraph): { file: string; target: string }[] {
  return [...graph].flatMap(([file, targets]) =>
    targets
      .filter((target) => packageOf(target) !== null && packageOf(target) !== packageOf(file))
      .map((target) => ({ file, target })),
  );
}

function packageOf(file: string): string | null {
  return /^packages\/[^/]+(?=\/)/.exec(file)?.[0] ?? null;
}

/** One way round for each knot of files that import each other, shortest first. */
export function circularImports(graph: ImportGraph): string[][] {
  const told = new Set<string>();
  const circles: string[][] = [];
  for (const file of graph.keys()) {
    if (told.has(file)) continue;
    const circle = wayBack(graph, file);
    if (circle === null) continue;
    for (const member of circle) told.add(member);
    circles.push(circle);
  }
  return circles.sort((one, other) => one.length - other.length);
}

/** The shortest way from a file to itself, the file at both ends; null where there is none. */
function wayBack(graph: ImportGraph, start: string): string[] | null {
  const cameFrom = new Map<string, string>();
  const waiting = [start];
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    for (const next of graph.get(file) ?? []) {
      if (next === start) {
        const way = [file, start];
        for (let at = file; at !== start; ) {
          at = cameFrom.get(at) ?? start;
          way.unshift(at);
        }
        return way;
      }
      if (cameFrom.has(next)) continue;
      cameFrom.set(next, file);
      waiting.push(next);
    }
  }
  return null;
}
