import { cp, glob, mkdir, readFile, symlink } from "node:fs/promises";
import { basename, dirname, join, matchesGlob, relative } from "node:path";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../../../../", import.meta.url));
const own = join(project, "packages/render-worker");

/**
 * What the Dockerfile puts into an image, in this folder: the files of its COPY lines without those
 * that its ignore file leaves out, and the packages that its workspaces name, and no others.
 * @returns the worker's program
 */
export async function makeImage(image: string): Promise<string> {
  const dockerfile = await readFile(join(own, "Dockerfile"), "utf8");
  const ignored = await readFile(join(own, "Dockerfile.dockerignore"), "utf8");
  const left = ignored.split("\n").filter((line) => line.startsWith("**/"));
  const filter = (file: string) => !left.some((line) => matchesGlob(relative(project, file), line));
  for (const [, sources = "", target = ""] of dockerfile.matchAll(/^COPY ((?!--).+) (\S+)$/gm)) {
    for (const source of sources.split(" ")) {
      const place = target.endsWith("/") ? join(target, basename(source)) : target;
      await cp(join(project, source), join(image, place), { recursive: true, filter });
    }
  }
  const folders = new Map<string, string>();
  const wanted = new Set<string>();
  for await (const file of glob(join(image, "packages/*/package.json"))) {
    const said = JSON.parse(await readFile(file, "utf8"));
    folders.set(said.name, dirname(file));
    wanted.add(said.name);
    const named = { ...said.dependencies, ...said.optionalDependencies };
    for (const name of Object.keys(named)) wanted.add(name);
  }
  for (const name of wanted) {
    const link = join(image, "node_modules", name);
    await mkdir(dirname(link), { recursive: true });
    await symlink(folders.get(name) ?? join(project, "node_modules", name), link);
  }
  const [, program = ""] = dockerfile.match(/^CMD \["node", "(.+)"\]$/m) ?? [];
  return join(image, program);
}
