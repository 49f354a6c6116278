import { BaseSequencer, type TestSpecification } from "vitest/node";

/**
 * Files that take many seconds, so that none of them is left for the end when all others are done.
 * Vitest knows by itself how long a file took the last time, but a fresh checkout has no last time,
 * and begins with what is longest in bytes.
 */
const long = [
  "/demo/demo.integration",
  "/chaos/chaos.integration",
  "/console/src/interruptions",
  "/console/src/operator",
  "/clips/clips.integration",
  "/walk/exhaustive",
  "/rollback/schema",
  "/walk/mutants",
  "/src/cli.integration",
  "/migration-tools/src/reset",
  "/migration-tools/src/push",
  "/erasure/erasure",
  "/client/src/readme",
  "/upload/upload.integration",
  "/client/src/watch",
  "/render/videos",
  "/realtime/resilience",
  "/worker/worker.integration",
  "/walk/random",
  "/rollback/rollback",
  "/console/src/journey",
  "/lint/lint.integration",
  "/bench/queue/queue.integration",
  "/smoke/smoke",
  "/pgtap/pgtap",
  "/queue/by-hand",
  "/deploy/deploy",
  "/ledger/crash",
  "/ai-analyze-video/start",
  "/sessions/plans",
  "/providers/faults.integration",
  "/src/stack.integration",
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
