import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { projectRoot } from "../../project-root.ts";
import type { Step } from "../step.ts";

/** What is GPL, and the packages that may load it: docs/licences.md. */
const apart = [
  { packages: ["@echogarden/espeak-ng-emscripten"], homes: ["packages/local-providers/"] },
  { packages: ["@mediabunny/server"], homes: ["packages/render-worker/"] },
  {
    packages: ["node-av"],
    homes: ["packages/render-worker/", "packages/local-providers/src/video/pictures/"],
  },
];
/** They run as programs of their own: what imports them would be a part of them. */
const programs = ["@sideline/render-worker"];

/** GPL parts are loaded where the licences page says, and by nothing that is deployed. */
export const licences: Step = {
  name: "licences",
  async run() {
    const findings: string[] = [];
    const files = globSync(
      "{packages/*/src,supabase/functions,scripts,samples}/**/*.{ts,tsx,mjs}",
      {
        cwd: projectRoot,
      },
    );
    for (const file of [
      ...files,
      ...globSync("supabase/functions/*/deno.json", { cwd: projectRoot }),
    ]) {
      const text = readFileSync(join(projectRoot, file), "utf8");
      const names = [...text.matchAll(/(?:from|import|import\()\s*"([^"]+)"|"npm:([^"]+)"/g)];
      for (const [, imported, mapped] of names) {
        const fault = faultOf(file, imported ?? mapped ?? "");
        if (fault) findings.push(fault);
      }
    }
    return findings;
  },
};

function faultOf(file: string, name: string): string | undefined {
  const is = (known: string) =>
    name === known || name.startsWith(`${known}/`) || name.startsWith(`${known}@`);
  for (const { packages, homes } of apart) {
    if (packages.some(is) && !homes.some((home) => file.startsWith(home)))
      return `${file}: ${name} is GPL; only ${homes.join(" and ")} may load it`;
  }
  // A test is handed to nobody.
  const isInside = file.startsWith("packages/render-worker/") || file.endsWith(".test.ts");
  const reaches = programs.some(is) || /(^|\/)render-worker\/src\//.test(name);
  return reaches && !isInside ? `${file}: ${name} is run, never imported` : undefined;
}
