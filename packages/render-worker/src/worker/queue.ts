import {
  claimHeadSchema,
  completeOutcomeSchema,
  type ErrorCode,
  type RenderClaim,
  type RenderResult,
  type ResultHead,
  renderClaimSchema,
} from "@sideline/contracts";
import type { DatabaseClient, Json } from "@sideline/database";
import { z } from "zod";
import { DatabaseError } from "../../../../supabase/functions/_shared/errors.ts";
import { callPipeline } from "../../../../supabase/functions/_shared/pipeline-call.ts";

/** Steps as `processing_timeline` names them. */
export type Step =
  | "validation"
  | "download"
  | "processing"
  | "composition"
  | "encoding"
  | "upload"
  | "cleanup";

/** What is told beside the percentage. */
export interface Told {
  step?: Step;
  state?: "started" | "completed" | "failed";
  details?: { [key: string]: Json };
  error_code?: string;
  /** The file that is about to be stored. */
  path?: string;
}

const stillOurs = z.enum(["ok", "stale", "cancelled"]);
export type StillOurs = z.infer<typeof stillOurs>;

/** Stage `render` of the queue. Every call names the item and its lease, and may throw. */
export interface RenderQueue {
  claim(): Promise<RenderClaim | null>;
  /** Extends the lease, and says whether the work is still wanted. */
  report(item: ResultHead, percent: number, told?: Told): Promise<StillOurs>;
  complete(item: ResultHead, result: RenderResult): Promise<"completed" | "stale">;
  fail(item: ResultHead, code: ErrorCode, message: string, retryable: boolean): Promise<void>;
  defer(item: ResultHead, code: ErrorCode, message: string): Promise<void>;
  release(item: ResultHead): Promise<void>;
  /** Hands a file that was stored to stage `erase`, unless the render names it. */
  discard(item: ResultHead, path: string): Promise<void>;
}

export function renderQueue(client: DatabaseClient): RenderQueue {
  const head = ({ id, lease_token }: ResultHead) => ({ id, lease_token });
  const which = (item: ResultHead) => ({ stage: "render", ...head(item) });
  return {
    async claim() {
      const rows = z
        .array(claimHeadSchema.loose())
        .parse(await callPipeline(client, "claim_render", { batch_size: 1 }));
      const [row] = rows;
      if (!row) return null;
      const claim = renderClaimSchema.safeParse(row);
      if (claim.success) return claim.data;
      await this.fail(row, "internal_error", "The work item is not in order.", false);
      return null;
    },
    async report(item, percent, told) {
      const args = { ...head(item), percent: Math.floor(percent), ...told };
      return stillOurs.parse(await callPipeline(client, "report_render_progress", args));
    },
    async complete(item, result) {
      const results = [{ ...result, ...head(item) }];
      const rows = await callPipeline(client, "complete_render", { results });
      return z.tuple([completeOutcomeSchema]).parse(rows)[0].outcome;
    },
    async fail(item, error_code, message, retryable) {
      await callPipeline(client, "fail", { ...which(item), error_code, message, retryable });
    },
    async defer(item, error_code, message) {
      await callPipeline(client, "defer", { ...which(item), error_code, message });
    },
    async release(item) {
      await callPipeline(client, "release", which(item));
    },
    async discard({ id }, path) {
      const found = await client.from("render_jobs").select("output_path").eq("id", id);
      if (found.error) throw new DatabaseError("render_jobs", found.error.code);
      if (found.data.some(({ output_path }) => output_path === path)) return;
      const args = { buckets: ["processed"], paths: [path], reason: "row_deleted" };
      await callPipeline(client, "ask_erasure", args);
    },
  };
}
