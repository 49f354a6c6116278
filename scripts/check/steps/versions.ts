import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

/**
 * Embedded, functions use the packages of the checkout; hosted, the versions their `deno.json`
 * names. Both must be the same, and all versions exact.
 */
export const versions: Step = {
  name: "versions",
  async run() {
    const findings: string[] = [];
    const installed = new Map<string, string>();
    for (const file of ["package.json", ...globSync("packages/*/package.json", inRoot)]) {
      for (const [name, version] of Object.entries(dependenciesOf(file))) {
        if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) {
          findings.push(`${file}: ${name} is "${version}", not an exact version`);
        }
        const other = installed.get(name);
        if (other && other !== version) {
          findings.push(`${file}: ${name} is ${version}, elsewhere ${other}`);
        }
        installed.set(name, version);
      }
    }
    for (const file of globSync("supabase/functions/*/deno.json", inRoot)) {
      for (const target of Object.values(importsOf(file))) {
        const [, name = "", version] = /^npm:(@?[^@]+)(?:@([^/]+))?/.exec(target) ?? [];
        if (name && installed.get(name) !== version) {
          findings.push(
            `${file}: ${name} is ${version ?? "without a version"}, package.json has ${installed.get(name) ?? "none"}`,
          );
        }
      }
    }
    return findings;
  },
};

const inRoot = { cwd: projectRoot };

function dependenciesOf(file: string): Record<string, string> {
  const manifest = readJson(file);
  const workspace = ([name]: [string, unknown]) => !name.startsWith("@sideline/");
  const all = {
    ...record(manifest.dependencies),
    ...record(manifest.optionalDependencies),
    ...record(manifest.devDependencies),
  };
  return Object.fromEntries(Object.entries(all).filter(workspace));
}

function importsOf(file: string): Record<string, string> {
  return record(readJson(file).imports);
}

function readJson(file: string): Record<string, unknown> {
  return JSON.parse(readFileSync(join(projectRoot, file), "utf8"));
}

function record(value: unknown): Record<string, string> {
  const entries = typeof value === "object" && value !== null ? Object.entries(value) : [];
  return Object.fromEntries(entries.map(([name, text]) => [name, String(text)]));
}
