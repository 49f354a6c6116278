import { execFileSync, spawnSync } from "node:child_process";
import { StackError } from "../stack-error.ts";

/** The operating-system account that Postgres runs under. */
export interface Account {
  name: string;
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. So root lends it another account: `postgres` where there is one,
 * else `nobody`, else one made for it. Returns null for ordinary users, who run it themselves.
 */
export function postgresAccount(): Account | null {
  if (process.getuid?.() !== 0) return null;
  const account = lookUp("postgres") ?? lookUp("nobody");
  if (account !== null) return account;
  try {
    execFileSync("useradd", ["--system", "--no-create-home", "postgres"], { stdio: "pipe" });
  } catch (error) {
    throw new StackError(
      "no_postgres_account",
      "Postgres cannot run as root, there is no account postgres or nobody, and none could be made. " +
        "Run this as an ordinary user.",
      { cause: error },
    );
  }
  return lookUp("postgres");
}

/** Whether an account can enter a folder, with all that has a say in it (modes, ACLs, mounts). */
export function canEnter(account: Account, directory: string): boolean {
  const { status } = spawnSync("/bin/sh", ["-c", 'cd "$1"', "sh", directory], {
    uid: account.uid,
    gid: account.gid,
    cwd: "/",
    stdio: "ignore",
  });
  return status === 0;
}

function lookUp(name: string): Account | null {
  const ids = ["-u", "-g"].map((option) => {
    const { status, stdout } = spawnSync("id", [option, name], { encoding: "utf8" });
    // `| 0`: macOS prints nobody's id unsigned, spawn wants it signed.
    return status === 0 ? Number.parseInt(stdout, 10) | 0 : undefined;
  });
  const [uid, gid] = ids;
  return uid === undefined || gid === undefined || uid === 0 ? null : { name, uid, gid };
}
