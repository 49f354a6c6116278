// @ts-check
import { readFileSync } from "node:fs";

const everyMs = 500;

/**
 * Calls `onGone` once npm, which started this process, is no more. On Linux npm puts a shell in
 * between that passes no signal on: `kill` on npm ends the shell alone, `kill -9` npm alone, and
 * what it runs would go on for good. Without npm nothing is watched: a process put into the
 * background outlives its shell on purpose.
 *
 * @param {() => void} onGone
 */
export function followNpm(onGone) {
  if (process.env.npm_lifecycle_event === undefined) return;
  const parent = process.ppid;
  const npm = isCommandShell(parent) ? parentOf(parent) : undefined;
  const timer = setInterval(() => {
    const shellIsOrphaned = npm !== undefined && parentOf(parent) !== npm;
    if (process.ppid === parent && !shellIsOrphaned) return;
    clearInterval(timer);
    onGone();
  }, everyMs);
  timer.unref();
}

/** @param {number} pid */
function isCommandShell(pid) {
  const [command = "", option] = procFile(pid, "cmdline").split("\0");
  return /(^|\/)(ba|da|z)?sh$/.test(command) && option === "-c";
}

/** @param {number} pid */
function parentOf(pid) {
  const text = procFile(pid, "stat");
  // The second field, a name in brackets, may itself hold blanks.
  return Number(text.slice(text.lastIndexOf(")") + 2).split(" ")[1]);
}

/**
 * Empty where there is no /proc; there, on macOS, the shell is replaced by what it runs.
 * @param {number} pid
 * @param {string} name
 */
function procFile(pid, name) {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return "";
  }
}
