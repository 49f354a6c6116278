// @ts-check
import {
  closeSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";

const heartbeatMs = 2_000;
const staleAfterMs = 30_000;

/**
 * Runs `work` while holding a lock file, so that two commands started at once install only once.
 * The holder touches the file every 2 s; a lock whose holder is gone, or that was not touched for
 * 30 s, is taken over.
 * @param {string} file
 * @param {() => Promise<void>} work
 */
export async function withLock(file, work) {
  let told = false;
  while (!tryCreate(file)) {
    if (isAbandoned(file)) {
      removeAbandoned(file);
      continue;
    }
    if (!told) process.stderr.write("Waiting for another set-up in this folder to finish …\n");
    told = true;
    await sleep(200);
  }
  const heartbeat = setInterval(() => utimesSync(file, new Date(), new Date()), heartbeatMs);
  const release = () => rmSync(file, { force: true });
  process.once("exit", release);
  try {
    await work();
  } finally {
    clearInterval(heartbeat);
    process.off("exit", release);
    release();
  }
}

/** @param {string} file */
function tryCreate(file) {
  try {
    const handle = openSync(file, "wx");
    writeSync(handle, String(process.pid));
    closeSync(handle);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

/** @param {string} file */
function isAbandoned(file) {
  try {
    if (Date.now() - statSync(file).mtimeMs > staleAfterMs) return true;
    const holder = Number(readFileSync(file, "utf8"));
    // Empty between the holder's open and write.
    return holder > 0 && !isAlive(holder);
  } catch {
    return false;
  }
}

/**
 * Two waiters may both find the lock abandoned. Only one may remove it, or the slower would remove
 * the lock that the quicker has just made its own.
 * @param {string} file
 */
function removeAbandoned(file) {
  const guard = `${file}.takeover`;
  if (!tryCreate(guard)) {
    if (isAbandoned(guard)) rmSync(guard, { force: true });
    return;
  }
  try {
    if (isAbandoned(file)) rmSync(file, { force: true });
  } finally {
    rmSync(guard, { force: true });
  }
}

/** @param {number} pid */
export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: alive, and somebody else's.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}
