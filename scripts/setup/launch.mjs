// @ts-check
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { pathToFileURL } from "node:url";
import { root } from "./root.mjs";

/** @type {NodeJS.Signals[]} */
export const signals = ["SIGINT", "SIGTERM", "SIGHUP"];

/**
 * Runs a TypeScript file under `node` and answers with its exit code.
 *
 * The child gets a session of its own: Ctrl-C reaches a whole foreground group, and npm forwards
 * the signal once more, so a child in the same group would be interrupted up to three times.
 * Here it gets each signal once, from this process. It is tied to this process by an IPC channel
 * (see `follow-parent.mjs`), so that it ends even where this process was killed outright.
 *
 * @param {string} node path of the Node to run
 * @param {string} script absolute path of a .ts file
 * @param {string[]} args
 * @returns {Promise<number>} exit code, 128 + n after signal n
 */
export async function launch(node, script, args) {
  const tie = pathToFileURL(join(root, "scripts", "setup", "follow-parent.mjs")).href;
  const path = [dirname(node), join(root, "node_modules", ".bin"), process.env.PATH ?? ""];
  const child = spawn(
    node,
    ["--disable-warning=ExperimentalWarning", "--import", tie, script, ...args],
    {
      detached: true,
      env: {
        // Node reads TypeScript without types, and compiled, from here the next time; so do the
        // processes that the child starts.
        NODE_COMPILE_CACHE: join(root, ".local", "compile-cache"),
        ...process.env,
        PATH: path.join(delimiter),
      },
      stdio: ["inherit", "inherit", "inherit", "ipc"],
    },
  );

  const forward = forwardOnce(child);
  for (const signal of signals) process.on(signal, forward);

  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (code, signal) => {
      for (const name of signals) process.off(name, forward);
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0));
    });
  });
}

/**
 * Repeats of one signal within a second come from the terminal and npm, not from the person.
 * @param {import("node:child_process").ChildProcess} child
 */
function forwardOnce(child) {
  let last = 0;
  return (/** @type {NodeJS.Signals} */ signal) => {
    if (Date.now() - last < 1_000) return;
    last = Date.now();
    child.kill(signal);
  };
}
