import { beforeAll, describe, expect, test } from "vitest";
import { deployAll, functionNames, rehearse } from "./rehearse.ts";

/** The platform's own limit of a bundle is 20 MB; npm packages come on top of these sources. */
const limitBytes = 1_000_000;

describe("a deployment", () => {
  let deployments: Awaited<ReturnType<typeof deployAll>>;
  beforeAll(async () => {
    deployments = await deployAll();
  });

  test("covers every function", () => {
    expect(functionNames()).toEqual([
      "ai-analyze-video",
      "audioWorker",
      "draftWorker",
      "eraseWorker",
      "metrics",
      "notifyWorker",
      "render",
      "ssmlWorker",
    ]);
  });

  test.each(functionNames())("of %s boots from the uploaded files alone", async (name) => {
    const { bytes, fileCount } = await rehearse(name, deployments);

    expect(fileCount).toBeGreaterThan(1);
    expect(bytes).toBeLessThan(limitBytes);
  });
});
