import { expect, test } from "vitest";
import { type CallUsage, createMeter } from "./runtime/usage.ts";
import { beyondHosted } from "./usage.ts";

const usage: CallUsage = {
  ...{ method: "POST", path: "/worker", status: 200, bootCpuMs: 200 },
  ...{ cpuMs: 2000, wallMs: 150_000, memoryMb: 256, rssMb: 400 },
};

test("what hosted allows is worth no word", () => {
  expect(beyondHosted(usage)).toBeNull();
});

test.each([
  [{ cpuMs: 2310 }, "POST /worker used 2.31 s of CPU; hosted, a call has 2 s."],
  [{ memoryMb: 300 }, "POST /worker used 300 MB of memory; hosted, a call has 256 MB."],
  [
    { wallMs: 200_000, cpuMs: 2500 },
    "POST /worker used 2.5 s of CPU and 200 s of time; hosted, a call has 2 s and 150 s.",
  ],
])("more is said in one line: %j", (more, line) => {
  expect(beyondHosted({ ...usage, ...more })).toBe(line);
});

test("calls side by side share what is used", () => {
  let cpu = 0;
  const used: [path: string, cpuMs: number][] = [];
  const gauge = {
    cpuMs: () => cpu,
    now: () => 0,
    memory: () => ({ heapUsed: 0, external: 0, rss: 0 }),
  };
  const meter = createMeter(gauge, ({ path, cpuMs }) => used.push([path, cpuMs]));
  const first = meter.begin("POST", "/a");
  cpu += 10;
  const second = meter.begin("POST", "/b");
  cpu += 20;
  second.answered(200);
  cpu += 5;
  first.answered(200);

  expect(used).toEqual([
    ["/b", 10],
    ["/a", 25],
  ]);
});
