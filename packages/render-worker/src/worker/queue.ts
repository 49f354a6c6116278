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

export interface StepChange {
  step: Step;
  state: "started" | "completed" | "failed";
  details?: { [key: string]: Json };
}

const stillOurs = z.enum(["ok", "stale", "cancelled"]);
export type StillOurs = z.infer<typeof stillOurs>;

/** Stage `render` of the queue. Every call names the item and its lease, and may throw. */
export interface RenderQueue {
  claim(): Promise<RenderClaim | null>;
  /** Extends the lease, and says whether the work is still wanted. */
  report(item: ResultHead, percent: number, change?: StepChange): Promise<StillOurs>;
  complete(item: ResultHead, result: RenderResult): Promise<"completed" | "stale">;
  fail(item: ResultHead, code: ErrorCode, message: string, retryable: boolean): Promise<void>;
  defer(item: ResultHead, code: ErrorCode, message: string): Promise<void>;
  release(item: ResultHead): Promise<void>;
  /** Where the render stands for good; null when it is gone or not yet at an end. */
  end(item: ResultHead): Promise<{ status: string; outputPath: string | null } | null>;
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
    async report(item, percent, change) {
      const args = { ...head(item), percent: Math.floor(percent), ...change };
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
    async end(item) {
      const { data, error } = await client
        .from("render_jobs")
        .select("status, output_path")
        .eq("id", item.id)
        .maybeSingle();
      if (error) throw new Error(`render_jobs: ${error.code}`);
      if (!data) return { status: "deleted", outputPath: null };
      const isOver = ["completed", "failed", "cancelled"].includes(data.status);
      return isOver ? { status: data.status, outputPath: data.output_path } : null;
    },
  };
}
