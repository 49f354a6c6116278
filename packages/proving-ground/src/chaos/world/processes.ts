import type { ChildProcess } from "node:child_process";
import { type Stage, stageFunction } from "@sideline/contracts";

/** The processes that run Edge Functions at this moment. */
export interface FunctionProcesses {
  add(name: string, child: ChildProcess): void;
  /** Kills all that work on a stage, without a chance to say goodbye. @returns how many that were */
  kill(stage: Stage): number;
}

export function functionProcesses(): FunctionProcesses {
  const alive = new Map<ChildProcess, string>();
  return {
    add(name, child) {
      alive.set(child, name);
      child.once("exit", () => alive.delete(child));
    },
    kill(stage) {
      const doomed = [...alive].filter(([, name]) => name === stageFunction[stage]);
      return doomed.filter(([child]) => child.kill("SIGKILL")).length;
    },
  };
}
