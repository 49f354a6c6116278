/** What the migration tools have to know of this project. */
import { join } from "node:path";
import { projectOf } from "@sideline/migration-tools/command";
import { runTool } from "../check/run-tool.ts";
import { projectRoot } from "../project-root.ts";
import { embeddedStack } from "./embedded-stack.ts";
import { page } from "./page.ts";
import { relationships } from "./relationships.ts";

export const sideline = projectOf({
  directory: projectRoot,
  schemas: ["public", "pipeline"],
  jobs: "sideline-%",
  call,
  local: embeddedStack,
  async migratedDatabase(projectDirectory, onProgress) {
    const { startDisposableDatabase } = await import("@sideline/local-stack");
    return await startDisposableDatabase({ projectDirectory, onProgress });
  },
  async supabase(args, projectDirectory, environment = {}) {
    const { runSupabaseCli } = await import("@sideline/local-stack");
    const home = join(projectRoot, ".local", "supabase-cli");
    return await runSupabaseCli(args, { projectDirectory, home, environment });
  },
  async format(source) {
    const file = "--stdin-file-path=generated.ts";
    const { code, output, stdout } = await runTool("biome", ["format", file], source);
    if (code !== 0) throw new Error(`biome cannot format what was generated: ${output.trim()}`);
    return stdout;
  },
  typesFile: "packages/database/src/database.types.ts",
  page,
  relationships,
  migrationNames: {
    schema: "pipeline",
    now: "pipeline.now()",
    touch: "pipeline.touch_updated_at()",
  },
});

function call(command: string, args?: string): string {
  return `npm run db:${command}${args === undefined ? "" : ` -- ${args}`}`;
}
