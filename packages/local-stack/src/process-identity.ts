import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** The command line of a live process, or undefined when there is no such process. */
export function commandOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    const text = readProcFile(pid, "cmdline");
    return text?.replaceAll("\0", " ").trim();
  }
  return askPs(pid, "command=");
}

/**
 * When a live process began, in the system's own notation. Together with its id this names a
 * process for good: ids are used again, the pair is not.
 */
export function startOf(pid: number): string | undefined {
  if (process.platform === "linux") {
    // Field 22 of /proc/<pid>/stat; the second field, a name in brackets, may itself hold blanks.
    const text = readProcFile(pid, "stat");
    return text?.slice(text.lastIndexOf(")") + 2).split(" ")[19];
  }
  return askPs(pid, "lstart=");
}

function readProcFile(pid: number, name: string): string | undefined {
  try {
    return readFileSync(`/proc/${pid}/${name}`, "utf8");
  } catch {
    return undefined;
  }
}

function askPs(pid: number, column: string): string | undefined {
  try {
    const output = execFileSync("ps", ["-o", column, "-p", String(pid)], {
      encoding: "utf8",
      env: { LC_ALL: "C", PATH: "/bin:/usr/bin" },
      stdio: ["ignore", "pipe", "ignore"],
    });
    return output.trim() || undefined;
  } catch {
    return undefined;
  }
}
