import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
const lane = z.array(
  z.object({
    depth: z.number(),
    runs: z.array(
      z.object({ perSecond: z.number().positive(), lost: z.literal(0), twice: z.literal(0) }),
    ),
  }),
);
const resultSchema = z.object({
  cases: z.object({
    a: lane,
    b: lane,
    c: z.array(z.object({ repeats: z.array(z.array(z.number().positive()).nonempty()) })),
    d: z.array(z.object({ before: z.number().positive(), held: z.number().positive() })),
    e: z.array(z.object({ with: z.array(z.number().positive()).nonempty() })),
  }),
});

test("the bench of the queue runs without its peers, and nothing is lost or done twice", async () => {
  const main = path.join(import.meta.dirname, "main.ts");
  const args = [main, "--quick", "--no-peers", "--json"];
  const { stdout } = await run(process.execPath, args);
  const { cases } = resultSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  expect(cases.a).toHaveLength(3);
  expect(cases.b).toHaveLength(2);
  expect(cases.e).toHaveLength(1);
}, 180_000);
