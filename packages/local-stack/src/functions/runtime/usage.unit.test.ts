import { expect, test } from "vitest";
import { type CallUsage, createMeter } from "./usage.ts";

/** A process whose use is told, not measured. */
function machine() {
  const now = { cpu: 100, clock: 0, heapUsed: 10, rss: 50 };
  const ended: CallUsage[] = [];
  const mib = 1024 * 1024;
  const meter = createMeter(
    {
      cpuMs: () => now.cpu,
      now: () => now.clock,
      memory: () => ({ heapUsed: now.heapUsed * mib, external: 5 * mib, rss: now.rss * mib }),
    },
    (usage) => ended.push(usage),
  );
  return { now, meter, ended };
}

test("a call is charged what was used while it ran, and the most memory of that time", () => {
  const { now, meter, ended } = machine();
  now.cpu = 300;
  const call = meter.begin("POST", "/f");
  Object.assign(now, { cpu: 340, heapUsed: 90, rss: 150 });
  meter.sample();
  Object.assign(now, { cpu: 350, clock: 70, heapUsed: 20, rss: 60 });

  call.answered(202);

  const path = "/f";
  expect(ended).toEqual([
    {
      method: "POST",
      path,
      status: 202,
      cpuMs: 50,
      bootCpuMs: 300,
      wallMs: 70,
      memoryMb: 95,
      rssMb: 150,
    },
  ]);
});

test("calls side by side share what is used", () => {
  const { now, meter, ended } = machine();
  const first = meter.begin("POST", "/a");
  now.cpu += 10;
  const second = meter.begin("POST", "/b");
  now.cpu += 20;
  second.answered(200);
  now.cpu += 5;
  first.answered(200);

  expect(ended.map(({ path, cpuMs }) => [path, cpuMs])).toEqual([
    ["/b", 10],
    ["/a", 25],
  ]);
});

test("a call lasts until what it left in the background is done", async () => {
  const { now, meter, ended } = machine();
  const call = meter.begin("POST", "/f");
  const { promise, resolve } = Promise.withResolvers<void>();
  call.includes(promise);
  call.answered(200);
  expect(ended).toEqual([]);

  now.cpu += 30;
  resolve();
  await promise;
  await Promise.resolve();

  expect(ended).toMatchObject([{ status: 200, cpuMs: 30 }]);
});
