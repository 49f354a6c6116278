import type { FunctionName, StageStatus } from "@sideline/contracts";
import { expect, test } from "vitest";
import { route } from "./routes.ts";

/** The functions that a call wakes, for an analysis of this status. What else it does, the database tells. */
async function wokenBy(status: StageStatus, path: string, body: object): Promise<FunctionName[]> {
  const woken: FunctionName[] = [];
  const deps = {
    analyses: {
      findRecording: async () => ({ id: 1, storagePath: "owner/a.mp4", uploaded: true }),
      findJob: async () => ({ id: 101, status }),
      markUploaded: async () => {},
      analyseReplaced: async () => false,
      status: async () => null,
      retry: async () => (status === "failed" ? ("queued" as const) : ("not_failed" as const)),
    },
    storage: { exists: async () => true },
    wake: (name: FunctionName) => void woken.push(name),
    work: async () => Response.json({}),
  };
  await route(deps, { method: "POST", path, body, caller: { kind: "service" } }).catch(() => {});
  return woken;
}

test.each<[StageStatus, string, object, FunctionName[]]>([
  ["queued", "", { videoRecordingId: 1 }, ["ai-analyze-video"]],
  ["failed", "", { videoRecordingId: 1 }, []],
  ["failed", "retry", { analysisJobId: 101 }, ["ai-analyze-video"]],
  ["failed", "retry", { feedbackId: 7, stage: "ssml" }, ["ssmlWorker"]],
  ["failed", "retry", { feedbackId: 7, stage: "audio" }, ["audioWorker"]],
  ["completed", "retry", { analysisJobId: 101 }, []],
])("of a %s analysis, '%s' with %j wakes %j", async (status, path, body, functions) => {
  expect(await wokenBy(status, path, body)).toEqual(functions);
});
