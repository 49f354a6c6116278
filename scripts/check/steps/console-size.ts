import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { buildConsole } from "@sideline/console/build";
import type { Step } from "../step.ts";

/** Bytes of JavaScript, compressed, that a browser loads before it shows anything. */
const limit = 200_000;

/** The console stays quick to open: what its first page loads has a bound. */
export const consoleSize: Step = {
  name: "console size",
  async run() {
    const directory = await mkdtemp(join(tmpdir(), "sideline-console-"));
    try {
      await buildConsole(directory);
      const page = await readFile(join(directory, "index.html"), "utf8");
      // Vite names here what it knows to be loaded at once: the entry and what it imports.
      const scripts = [...page.matchAll(/(?:src|href)="([^"]+\.js)"/g)].map(
        ([, name = ""]) => name,
      );
      if (scripts.length === 0) return ["index.html loads no script"];
      const texts = await Promise.all(scripts.map((name) => readFile(join(directory, name))));
      const bytes = texts.reduce((sum, text) => sum + gzipSync(text).length, 0);
      return bytes > limit
        ? [`the console's first load is ${bytes} bytes of JavaScript; ${limit} is the end`]
        : [];
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  },
};
