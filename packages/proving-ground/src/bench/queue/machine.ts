import os from "node:os";

/** Where and when numbers were taken. */
export function describeMachine() {
  const [cpu] = os.cpus();
  return {
    date: new Date().toISOString(),
    cores: os.availableParallelism(),
    cpu: cpu?.model.trim() ?? "unknown",
    memoryGiB: Math.round(os.totalmem() / 2 ** 30),
    kernel: `${os.type()} ${os.release()} ${os.arch()}`,
    node: process.version,
    /** Of the last minute, before the bench began: near 0 on a quiet machine. */
    loadBefore: os.loadavg()[0] ?? 0,
  };
}
