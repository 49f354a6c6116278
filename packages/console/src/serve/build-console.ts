import { fileURLToPath } from "node:url";
import { build } from "vite";

/** Makes the console's static files, for any host; `config.json` beside them names the project. */
export async function buildConsole(outDirectory: string): Promise<void> {
  await build({
    configFile: fileURLToPath(new URL("../../vite.config.ts", import.meta.url)),
    logLevel: "error",
    build: { outDir: outDirectory, emptyOutDir: true },
  });
}
