import { execFile } from "node:child_process";
import path from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { z } from "zod";

const run = promisify(execFile);
/** A machine under load may end a window before any item: only all of them together are not zero. */
const lane = z.array(
  z.object({
    depth: z.number(),
    runs: z.array(
      z.object({ perSecond: z.number().nonnegative(), lost: z.literal(0), twice: z.literal(0) }),
    ),
  }),
);
const resultSchema = z.object({
  cases: z.object({
    a: lane,
    b: lane,
    c: z.array(z.object({ repeats: z.array(z.array(z.number().positive()).nonempty()) })),
    d: z.array(z.object({ before: z.number().nonnegative(), held: z.number().nonnegative() })),
    e: z.array(z.object({ with: z.array(z.number().positive()).nonempty() })),
  }),
});

test("the bench of the queue runs without its peers, and nothing is lost or done twice", async () => {
  const main = path.join(import.meta.dirname, "main.ts");
  const args = [main, "--quick", "--no-peers", "--json"];
  const { stdout } = await run(process.execPath, args);
  const { cases } = resultSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
  const speeds = [...cases.a, ...cases.b].flatMap(({ runs }) => runs.map((run) => run.perSecond));
  expect(Math.max(...speeds)).toBeGreaterThan(0);
  expect(cases.a).toHaveLength(3);
  expect(cases.b).toHaveLength(2);
  expect(cases.e).toHaveLength(1);
}, 180_000);
