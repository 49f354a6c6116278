import type { FunctionName, StageStatus } from "@sideline/contracts";
import type { Analyses } from "../../ai-analyze-video/analyses.ts";
import { route } from "../../ai-analyze-video/routes.ts";
import type { Caller } from "../http/caller.ts";
import { answer, type Call } from "../http/endpoint.ts";
import { HttpError } from "../http/responses.ts";
import { collectingLog } from "./collecting-log.ts";

export const owner = "00000000-0000-4000-8000-00000000000a";
export const stranger = "00000000-0000-4000-8000-00000000000b";

export interface Row {
  id: number;
  owner: string;
  path: string;
  uploaded: boolean;
  /** Its video is another one than was analysed. */
  replaced?: boolean;
  retried?: number;
  job?: { id: number; status: StageStatus };
}

/** Tests only: a database of a few recordings, with its trigger, and a storage; each remembers what happened. */
export function world(rows: Row[], stored: string[] = []) {
  const woken: FunctionName[] = [];
  let worked = 0;
  const sees = (caller: Caller, row: Row): boolean =>
    caller.kind === "service" || caller.userId === row.owner;
  const analyses: Analyses = {
    async findRecording(caller, which) {
      const row = rows.find((candidate) =>
        "videoPath" in which
          ? candidate.path === which.videoPath
          : candidate.id === which.videoRecordingId,
      );
      return row && sees(caller, row)
        ? { id: row.id, storagePath: row.path, uploaded: row.uploaded }
        : null;
    },
    findJob: async (recordingId) => rows.find((row) => row.id === recordingId)?.job ?? null,
    async markUploaded(recordingId) {
      for (const row of rows.filter(({ id }) => id === recordingId)) {
        row.uploaded = true;
        row.job ??= { id: row.id + 100, status: "queued" };
      }
    },
    async analyseReplaced(recordingId) {
      const row = rows.find(({ id, replaced }) => id === recordingId && replaced);
      if (!row?.job) return false;
      row.replaced = false;
      row.job.status = "queued";
      return true;
    },
    async status(caller, id) {
      const row = rows.find((candidate) => candidate.job?.id === id);
      if (!row?.job || !sees(caller, row)) return null;
      const nothing = {
        errorCode: null,
        error: null,
        title: null,
        summary: null,
        confidence: null,
        note: null,
        model: null,
      };
      return {
        analysisJobId: id,
        videoRecordingId: row.id,
        status: row.job.status,
        attempts: 0,
        ...nothing,
        feedback: [],
      };
    },
    async retry(caller, which) {
      const id = "analysisJobId" in which ? which.analysisJobId : which.feedbackId;
      const row = rows.find((candidate) => candidate.job?.id === id);
      if (!row?.job || !sees(caller, row)) return "not_found";
      if (row.job.status !== "failed") return "not_failed";
      if ((row.retried ?? 0) >= 5) return "too_many_retries";
      row.job.status = "queued";
      return "queued";
    },
  };
  const deps = {
    analyses,
    storage: {
      exists: async (bucket: string, path: string) => bucket === "raw" && stored.includes(path),
    },
    wake: (name: FunctionName) => void woken.push(name),
    async work() {
      worked++;
      return Response.json({ claimed: 0 });
    },
  };
  const authenticate = async (request: Request): Promise<Caller> => {
    const who = request.headers.get("authorization");
    if (who === "secret") return { kind: "service" };
    if (who === null) throw new HttpError("unauthorized", "Sign in.");
    return { kind: "user", userId: who, token: "t" };
  };
  const { log } = collectingLog();
  const call = async (who: string | null, method: string, path: string, body?: unknown) => {
    const request = new Request(`http://x/ai-analyze-video${path}`, {
      method,
      headers: who === null ? {} : { authorization: who },
      ...(body === undefined
        ? {}
        : { body: typeof body === "string" ? body : JSON.stringify(body) }),
    });
    const name = "ai-analyze-video";
    const handle = (it: Call) => route(deps, it);
    const endpoint = { name, log, authenticate, refused: () => {}, handle } as const;
    const response = await answer(endpoint, request);
    return { status: response.status, body: await response.json().catch(() => null) };
  };
  return { call, woken, rows, worked: () => worked };
}

/** Tests only: its one recording, uploaded or not. */
export const uploaded = (status: StageStatus): Row => ({
  id: 1,
  owner,
  path: `${owner}/a.mp4`,
  uploaded: true,
  job: { id: 101, status },
});
export const pending: Row = { id: 1, owner, path: `${owner}/a.mp4`, uploaded: false };
