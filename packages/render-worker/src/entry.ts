/** Makes one file, in a process of its own: what that loads has its own licence. */
export { runCompositor } from "./worker/compositor-process.ts";
