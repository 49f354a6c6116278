import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take many seconds, so that none of them is left for the end when all others are done.
 * Vitest knows by itself how long a file took the last time, but a fresh checkout has no last time,
 * and begins with what is longest in bytes.
 */
const long = [
  "/chaos/chaos.integration",
  "/demo/demo.integration",
  "/walk/exhaustive.integration",
  "/src/stack.integration",
  "/push/push.integration",
  "/reset/reset.integration",
  "/bench/queue/queue.integration",
  "/src/cli.integration",
  "/walk/mutants.integration",
  "/walk/random.integration",
];

export class LongFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = long.findIndex((part) => moduleId.includes(part));
      return place < 0 ? long.length : place;
    };
    const sorted = await super.sort(files);
    // As vitest has it, project by project: a worker serves one of them.
    return sorted.toSorted((a, b) =>
      a.project.name === b.project.name ? rank(a) - rank(b) : sorted.indexOf(a) - sorted.indexOf(b),
    );
  }
}
