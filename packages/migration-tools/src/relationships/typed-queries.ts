import { execFile } from "node:child_process";
import { mkdir, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { selectOf } from "./patterns.ts";
import { isToOne, type Relationship, relationshipId } from "./relationship.ts";

/**
 * What the compiler has against the generated types: a sentence for each relationship that they do
 * not know, or know with another cardinality. It reads a typed query per relationship.
 * @param directory the project's; the queries lie in it for a moment, to find its packages
 * @param typesImport see `RelationshipOptions`
 */
export async function typeProblems(
  directory: string,
  typesImport: string,
  relationships: readonly Relationship[],
): Promise<string[]> {
  // The CLI has git ignore this folder.
  const folder = path.join(directory, "supabase", ".temp", `typed-queries-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    await writeFile(path.join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }));
    const head = headOf(folder, typesImport);
    const lines = [...head, ...relationships.map(linesOf)];
    await writeFile(path.join(folder, "queries.ts"), `${lines.join("\n")}\n`);
    const output = await compile(directory, folder);
    const places = output.matchAll(/queries\.ts\((\d+),\d+\): error (.*)/g);
    const faults = new Map([...places].map(([, line, fault = ""]) => [Number(line), fault]));
    if (output.trim() !== "" && faults.size === 0) throw new Error(output.trim());
    return [...faults].map(([line, fault]) => {
      const relationship = relationships[line - 1 - head.length];
      return `${relationship ? relationshipId(relationship) : typesImport}, types: ${fault}`;
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const compilerOptions = {
  target: "es2024",
  lib: ["es2024", "dom", "dom.iterable"],
  module: "nodenext",
  types: [],
  strict: true,
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
};

function headOf(folder: string, typesImport: string): string[] {
  const embeds = path.relative(folder, path.join(import.meta.dirname, "embeds.ts"));
  return [
    typesImport,
    `import type { Embeds } from ${JSON.stringify(embeds.replaceAll(path.sep, "/"))};`,
    "declare function expected<T>(queries: T): void;",
  ];
}

/**
 * One line each, by which its faults are known. The queries stand apart from their expected type,
 * because inside of it supabase-js would infer its answer from what is expected, and anything would do.
 */
function linesOf(relationship: Relationship): string {
  const { schema, table, target, needsHint, mayBeNull } = relationship;
  const kind = isToOne(relationship) ? (mayBeNull ? "maybe" : "one") : "many";
  const query = (hinted: boolean) =>
    `(c: Client) => c.schema("${schema}").from("${table}").select("${selectOf(relationship, hinted)}")`;
  const plain = needsHint ? "" : `plain: ${query(false)}, `;
  return `{ const queries = { ${plain}hinted: ${query(true)} }; expected<Embeds<Database, Client, "${schema}", "${table}", "${target}", "${kind}">>(queries); }`;
}

function compile(directory: string, folder: string): Promise<string> {
  const tsc = path.join(directory, "node_modules", ".bin", "tsc");
  return new Promise((resolve, reject) => {
    execFile(tsc, ["--project", folder, "--pretty", "false"], (error, stdout, stderr) => {
      if (typeof error?.code === "string") reject(error);
      else resolve(stdout + stderr);
    });
  });
}
