import { fileURLToPath } from "node:url";

/** The program of a render worker. It is run, never imported: what it loads has its own licence. */
export const renderWorkerProgram = fileURLToPath(new URL("./worker/cli.ts", import.meta.url));

/** Makes one file, in a process of its own for the same reason. */
export { runCompositor } from "./worker/compositor-process.ts";
