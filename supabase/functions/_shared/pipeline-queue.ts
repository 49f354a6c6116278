import {
  type ClaimHead,
  claimHeadSchema,
  completeOutcomeSchema,
  failOutcomeSchema,
  type ResultHead,
  releaseOutcomeSchema,
  sendBackOutcomeSchema,
  type WorkStage,
} from "@sideline/contracts";
import type { DatabaseClient, Json } from "@sideline/database";
import { z } from "zod";
import { DatabaseError } from "./errors.ts";
import { callPipeline } from "./pipeline-call.ts";
import type { Queue } from "./worker/queue.ts";

/** What a stage hands in: plain JSON. */
export type JsonObject = { [key: string]: Json | undefined };

/**
 * A stage's queue in schema `pipeline`. Workers never write a status themselves: every change is
 * one call that names the item and its lease token. `claimSchema` checks the claimed rows; `model`
 * is the one that the stage asks, so that claims obey its limits.
 */
export function pipelineQueue<Item extends ClaimHead, Result extends JsonObject>(
  client: DatabaseClient,
  stage: WorkStage,
  claimSchema: z.ZodType<Item>,
  model?: string,
): Queue<Item, Result> {
  const head = (item: ResultHead): ResultHead => ({ id: item.id, lease_token: item.lease_token });
  const which = (item: ResultHead) => ({ stage, ...head(item) });
  /** A row that no worker could work on must not take the rest of its batch down with it. */
  const refuse = (row: ResultHead) =>
    callPipeline(client, "fail", {
      ...which(row),
      error_code: "internal_error",
      message: "The work item is not in order.",
      retryable: false,
      asked: false,
    });
  return {
    stage,

    async claim(busy) {
      const args = { busy, ...(model === undefined ? {} : { model }) };
      const rows = z
        .array(claimHeadSchema.loose())
        .parse(await callPipeline(client, `claim_${stage}`, args));
      const items: Item[] = [];
      for (const row of rows) {
        const item = claimSchema.safeParse(row);
        if (item.success) items.push(item.data);
        else await refuse(row);
      }
      return items;
    },

    async complete(item, result, asked) {
      const results = [{ ...result, ...head(item), asked }];
      const rows = await callPipeline(client, `complete_${stage}`, { results });
      return z.tuple([completeOutcomeSchema]).parse(rows)[0].outcome;
    },

    async fail(item, code, message, how) {
      const args = { ...which(item), error_code: code, message, ...how };
      return failOutcomeSchema.parse(await callPipeline(client, "fail", args));
    },

    async defer(item, code, message, { retryAfterSeconds, withinSeconds }) {
      const outcome = await callPipeline(client, "defer", {
        ...which(item),
        error_code: code,
        message,
        ...(retryAfterSeconds === undefined ? {} : { retry_after_seconds: retryAfterSeconds }),
        ...(withinSeconds === undefined ? {} : { within_seconds: withinSeconds }),
      });
      return failOutcomeSchema.parse(outcome);
    },

    async sendBack(item, code, message) {
      const args = { ...which(item), error_code: code, message };
      return sendBackOutcomeSchema.parse(await callPipeline(client, "send_back", args));
    },

    async extend(item, progress) {
      const args = { ...which(item), ...(progress === undefined ? {} : { progress }) };
      return (
        z
          .string()
          .nullable()
          .parse(await callPipeline(client, "extend", args)) !== null
      );
    },

    async keeps(item) {
      const { data, error } = await client
        .schema("pipeline")
        .from("tasks")
        .select("subject_id")
        .match({ stage, subject_id: item.id })
        .not("progress", "is", null);
      if (error) throw new DatabaseError("tasks", error.code);
      return data.length > 0;
    },

    async release(item) {
      return releaseOutcomeSchema.parse(await callPipeline(client, "release", which(item)));
    },

    async findAnswer(item, requestHash) {
      const args = { stage, subject_id: item.id, request_hash: requestHash };
      return z.json().parse(await callPipeline(client, "find_answer", args));
    },

    async recordCall(item, call) {
      const { id: subject_id, attempt, user_id, correlation_id } = item;
      const about = { stage, subject_id, attempt, user_id, correlation_id };
      // A name of its own: a call that is made again is recorded once.
      const id = crypto.randomUUID();
      await callPipeline(client, "record_call", { call: { id, ...about, ...call } });
    },
  };
}
