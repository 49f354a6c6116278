import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { LocalStack } from "@sideline/migration-tools";
import { z } from "zod";
import { projectRoot } from "../project-root.ts";

/** The stack of `npm start`. Its package is loaded when it has to start, and not for `--help`. */
export const embeddedStack: LocalStack = {
  name: "the embedded stack",
  howToStart: "start one with npm start",
  howToBeginAnew: "npm start -- --reset",
  folder: join(projectRoot, ".local", "stack"),
  url: embeddedStackUrl,
  async makeAnew(folder) {
    const { startStack } = await import("@sideline/local-stack");
    const stack = await startStack({
      ...(folder === null ? {} : { dir: folder }),
      port: 0,
      dbPort: 0,
      cron: false,
      prewarm: false,
      reset: true,
      onProgress: (message) => console.log(message),
    });
    await stack.stop();
  },
  async noteApplied({ directory, ...applied }, folder) {
    const { defaultStackDirectory, noteApplied } = await import("@sideline/local-stack");
    const stack = { directory: folder ?? defaultStackDirectory, projectDirectory: directory };
    await noteApplied(stack, applied);
  },
};

const keys = z.object({ postgresPassword: z.string() });

/**
 * Connection string of the embedded stack that runs in a folder, as role `postgres`, or null where
 * none does. Postgres itself notes its port in postmaster.pid and removes the file when it stops:
 * line 4 is the port, line 8 says `ready`. Its password is among the stack's keys.
 */
export async function embeddedStackUrl(folder: string | null): Promise<string | null> {
  if (folder === null) return null;
  const file = join(folder, "postgres", "cluster", "postmaster.pid");
  const lines = await readFile(file, "utf8").then(
    (text) => text.split("\n").map((line) => line.trim()),
    () => [],
  );
  const [, , , port] = lines;
  if (port === undefined || !/^\d+$/.test(port)) return null;
  const { postgresPassword } = keys.parse(
    JSON.parse(await readFile(join(folder, "keys.json"), "utf8")),
  );
  return `postgresql://postgres:${postgresPassword}@127.0.0.1:${port}/postgres`;
}
