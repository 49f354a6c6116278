import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { carriers } from "./node-runtime.mjs";
import { root } from "./root.mjs";

interface LockedPackage {
  integrity?: string;
  link?: boolean;
  /** It lies in the archive of the package that it belongs to, and is pinned with that. */
  inBundle?: boolean;
  dependencies?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const locked = (folder: string): Record<string, LockedPackage> =>
  JSON.parse(readFileSync(join(root, folder, "package-lock.json"), "utf8")).packages;

/** Where Node would find `name` from `place`: in its own node_modules or in one further up. */
function find(packages: Record<string, LockedPackage>, place: string, name: string) {
  const folders = place.split("/node_modules/").map((_, at, all) => all.slice(0, at + 1));
  const places = ["", ...folders.map((parts) => `${parts.join("/node_modules/")}/`)];
  return places.some((folder) => packages[`${folder}node_modules/${name}`]);
}

// A hole makes `npm ci` refuse the whole file, and what fills it is pinned nowhere.
describe.each(["", "scripts/setup/node"])("the lock file in /%s", (folder) => {
  const packages = locked(folder);

  test("has every package of every platform", () => {
    const missing = Object.entries(packages).flatMap(([place, entry]) =>
      Object.keys({ ...entry.dependencies, ...entry.optionalDependencies })
        .filter((name) => !find(packages, place, name))
        .map((name) => `${place} wants ${name}`),
    );

    expect(missing).toEqual([]);
  });

  test("pins the content of each", () => {
    const loose = Object.entries(packages)
      .filter(([place]) => place.includes("node_modules/"))
      .filter(([, entry]) => !entry.link && !entry.inBundle)
      .filter(([, entry]) => !entry.integrity?.startsWith("sha512-"));

    expect(loose).toEqual([]);
  });
});

test("a Node is pinned for each platform that is supported", () => {
  expect(Object.keys(locked("scripts/setup/node")[""]?.optionalDependencies ?? {}).sort()).toEqual(
    Object.values(carriers).sort(),
  );
});
