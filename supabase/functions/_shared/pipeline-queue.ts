import {
  type ClaimHead,
  claimHeadSchema,
  completeOutcomeSchema,
  failOutcomeSchema,
  type ResultHead,
  releaseOutcomeSchema,
  type Stage,
} from "@sideline/contracts";
import type { DatabaseClient, Json } from "@sideline/database";
import { z } from "zod";
import { callPipeline } from "./pipeline-call.ts";
import type { Queue } from "./worker/queue.ts";

/** What a stage hands in: plain JSON. */
type JsonObject = { [key: string]: Json | undefined };

/**
 * A stage's queue in schema `pipeline`. Workers never write a status themselves: every change is
 * one call that names the item and its lease token. `claimSchema` checks the claimed rows; `model`
 * is the one that the stage asks, so that claims obey its limits.
 */
export function pipelineQueue<Item extends ClaimHead, Result extends JsonObject>(
  client: DatabaseClient,
  stage: Stage,
  claimSchema: z.ZodType<Item>,
  model?: string,
): Queue<Item, Result> {
  const head = (item: ResultHead): ResultHead => ({ id: item.id, lease_token: item.lease_token });
  /** A row that no worker could work on must not take the rest of its batch down with it. */
  const refuse = (row: ResultHead) =>
    callPipeline(client, `fail_${stage}`, {
      ...head(row),
      error_code: "internal_error",
      message: "The work item is not in order.",
      retryable: false,
    });
  return {
    stage,

    async claim() {
      const rows = z
        .array(claimHeadSchema.loose())
        .parse(await callPipeline(client, `claim_${stage}`, model === undefined ? {} : { model }));
      const items: Item[] = [];
      for (const row of rows) {
        const item = claimSchema.safeParse(row);
        if (item.success) items.push(item.data);
        else await refuse(row);
      }
      return items;
    },

    async complete(item, result) {
      const results = [{ ...result, ...head(item) }];
      const rows = await callPipeline(client, `complete_${stage}`, { results });
      return z.tuple([completeOutcomeSchema]).parse(rows)[0].outcome;
    },

    async fail(item, code, message, retryable) {
      const args = { ...head(item), error_code: code, message, retryable };
      return failOutcomeSchema.parse(await callPipeline(client, `fail_${stage}`, args));
    },

    async defer(item, seconds, code) {
      const args = { ...head(item), retry_after_seconds: seconds, error_code: code };
      return failOutcomeSchema.parse(await callPipeline(client, `defer_${stage}`, args));
    },

    async extend(item) {
      const end = await callPipeline(client, `extend_${stage}`, head(item));
      return z.string().nullable().parse(end) !== null;
    },

    async release(item) {
      return releaseOutcomeSchema.parse(await callPipeline(client, `release_${stage}`, head(item)));
    },
  };
}
