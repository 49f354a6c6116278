import { expect, test, vi } from "vitest";
import { startRenderWorker } from "./side-processes.ts";

const patience = { timeout: 20_000 };

test("a render worker that is killed is started again, and one that is stopped is not", async () => {
  const said: string[] = [];
  const worker = startRenderWorker({ apiUrl: "http://127.0.0.1:9", secretKey: "key" }, (line) =>
    said.push(line),
  );
  const starts = () => said.filter((line) => line.includes("worker.started")).length;
  try {
    await vi.waitFor(() => expect(starts()).toBe(1), patience);
    const { pid = 0 } = worker;
    process.kill(pid, "SIGKILL");
    await vi.waitFor(() => expect(starts()).toBe(2), patience);
    expect(worker.pid).not.toBe(pid);
  } finally {
    await worker.stop();
  }
  expect(said.filter((line) => line.includes("again"))).toHaveLength(1);
});
