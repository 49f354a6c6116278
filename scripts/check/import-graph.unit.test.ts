import { expect, test } from "vitest";
import { circularImports, deepImports, importGraph } from "./import-graph.ts";

function graphOf(files: Record<string, string>, entries: Record<string, string> = {}) {
  return importGraph(new Map(Object.entries(files)), new Map(Object.entries(entries)));
}

test("files that import each other are told once, with the way round", () => {
  const graph = graphOf({
    "a/start.ts": 'import { b } from "./b.ts";',
    "a/b.ts": 'import type { C } from "../c.ts";',
    "c.ts": 'export * from "./a/d.ts";',
    "a/d.ts": 'const b = await import("./b.ts");',
  });

  expect(circularImports(graph)).toEqual([["a/b.ts", "c.ts", "a/d.ts", "a/b.ts"]]);
});

test("a file that imports itself is a circle", () => {
  expect(circularImports(graphOf({ "a.ts": 'import "./a.ts";' }))).toEqual([["a.ts", "a.ts"]]);
});

test("a circle through the name of a package is one too", () => {
  const graph = graphOf(
    {
      "packages/a/src/index.ts": 'export * from "@sideline/b";',
      "packages/b/src/index.ts": 'export * from "@sideline/a";',
    },
    { "@sideline/a": "packages/a/src/index.ts", "@sideline/b": "packages/b/src/index.ts" },
  );

  expect(circularImports(graph)).toHaveLength(1);
});

test("two ways to the same file are no circle", () => {
  const graph = graphOf({
    "a.ts": 'import "./b.ts"; import "./c.ts";',
    "b.ts": 'import "./c.ts";',
    "c.ts": "",
  });

  expect(circularImports(graph)).toEqual([]);
});

test("a package is imported by its name, from scripts too, and freely within itself", () => {
  const graph = graphOf({
    "packages/a/src/one.ts": 'import "../../b/src/two.ts";\nimport "./three.ts";',
    "packages/a/src/three.ts": 'import "@sideline/b";',
    "packages/b/src/two.ts": "",
    "scripts/check/main.ts": 'import {\n  two,\n} from "../../packages/b/src/two.ts";',
  });

  expect(deepImports(graph)).toEqual([
    { file: "packages/a/src/one.ts", target: "packages/b/src/two.ts" },
    { file: "scripts/check/main.ts", target: "packages/b/src/two.ts" },
  ]);
});
