/** From the rows of sessions to what an app sees; what is stored is checked on its way in. */
import {
  briefSchema,
  type HoleResolution,
  holeTypeSchema,
  holeValueSchema,
  type Session,
  type SessionDraft,
  type SessionLine,
  type SessionRevision,
  stageStatusSchema,
} from "@sideline/contracts";
import type { Database } from "@sideline/database";
import { z } from "zod";

type Row<Table extends keyof Database["public"]["Tables"]> =
  Database["public"]["Tables"][Table]["Row"];

export const lineColumns =
  "id, title, request, status, revision, revision_count, draft_count, hole_count, created_at, updated_at";
export const sessionColumns = `${lineColumns}, current_ir` as const;

const statusSchema = z.enum(["open", "ready", "archived"]);
const causeSchema = z.enum(["created", "edited", "resolved", "drafted", "reverted"]);
const changeSchema = z.object({ path: z.string(), before: z.unknown(), after: z.unknown() });

export function lineOf(
  row: Omit<Row<"sessions">, "current_ir" | "search" | "user_id">,
): SessionLine {
  return {
    id: row.id,
    title: row.title,
    request: row.request,
    status: statusSchema.parse(row.status),
    revision: row.revision,
    revisionCount: row.revision_count,
    draftCount: row.draft_count,
    holeCount: row.hole_count,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function sessionOf(row: Omit<Row<"sessions">, "search" | "user_id">): Session {
  return { ...lineOf(row), brief: briefSchema.parse(row.current_ir) };
}

export function revisionOf(row: Row<"session_revisions">): SessionRevision {
  return {
    revision: row.revision,
    cause: causeSchema.parse(row.cause),
    revertedTo: row.reverted_to,
    brief: briefSchema.parse(row.ir),
    diff: z.array(changeSchema).parse(row.diff),
    note: row.note,
    createdAt: row.created_at,
  };
}

export function draftOf(row: Row<"session_drafts">): SessionDraft {
  const { syntax_ok, schema_ok, rules_ok } = row;
  return {
    id: row.id,
    request: row.request,
    status: stageStatusSchema.parse(row.status),
    errorCode: row.error_code,
    brief: row.ir === null ? null : briefSchema.parse(row.ir),
    model: row.model,
    promptVersion: row.prompt_version,
    inputTokens: row.input_tokens,
    outputTokens: row.output_tokens,
    costMicros: row.cost_micros,
    milliseconds: row.milliseconds,
    validation:
      syntax_ok === null || schema_ok === null || rules_ok === null
        ? null
        : { syntax: syntax_ok, schema: schema_ok, rules: rules_ok },
    isRepaired: row.is_repaired,
    faults: row.faults,
    outcome: z.enum(["applied", "superseded"]).nullable().parse(row.outcome),
    appliedRevision: row.applied_revision,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

export function resolutionOf(row: Row<"hole_resolutions">): HoleResolution {
  return {
    id: row.id,
    holeId: row.hole_id,
    type: holeTypeSchema.parse(row.type),
    question: row.question,
    unit: row.unit,
    value: holeValueSchema.parse(row.value),
    method: row.method === "default" ? "default" : "answered",
    resolvedBy: row.resolved_by,
    revision: row.revision,
    createdAt: row.created_at,
  };
}
