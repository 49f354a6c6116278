import { expect, test } from "vitest";
import { beyondHosted, type CallUsage } from "./usage.ts";

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
