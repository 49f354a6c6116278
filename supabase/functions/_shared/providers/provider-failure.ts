import { z } from "zod";
import { StageError } from "../errors.ts";
import { jsonOf, type ProviderAnswer } from "./provider-call.ts";

/** A Google API's error answer, as far as it says what to do next. */
export interface ProviderFailure {
  /** For the log: "Gemini", "Text-to-Speech". */
  provider: string;
  httpStatus: number;
  message: string;
  details: readonly unknown[];
  /** The Retry-After header, where the client can see headers. */
  retryAfter: string | null;
}

const errorSchema = z.object({
  error: z.object({
    message: z.string().default(""),
    details: z.array(z.unknown()).default([]),
  }),
});
/** Some of Google's servers put it in an array. */
const errorBodySchema = z.union([
  errorSchema,
  z.tuple([errorSchema]).transform(([error]) => error),
]);
const retryInfoSchema = z.object({ retryDelay: z.string().regex(/^\d+(\.\d+)?s$/) });
const errorInfoSchema = z.object({ reason: z.string() });
const quotaFailureSchema = z.object({
  violations: z.array(z.looseObject({ quotaId: z.string().optional() })),
});

/** A daily quota is asked for again every hour. */
const dailyQuotaRetrySeconds = 3600;
const longestDelaySeconds = 86_400;

/** Reasons of ErrorInfo that say: this key will never do. */
const keyReasons = new Set([
  "API_KEY_INVALID",
  "API_KEY_EXPIRED",
  "API_KEY_SERVICE_BLOCKED",
  "ACCESS_TOKEN_TYPE_UNSUPPORTED",
  "CREDENTIALS_MISSING",
  "SERVICE_DISABLED",
]);

/** Reads an answer that was not ok; never throws for a body that is not the usual JSON. */
export function readFailure(provider: string, answer: ProviderAnswer): ProviderFailure {
  const body = errorBodySchema.safeParse(jsonOf(answer));
  return {
    provider,
    httpStatus: answer.status,
    message: body.success ? body.data.error.message : "",
    details: body.success ? body.data.error.details : [],
    retryAfter: answer.headers.get("retry-after"),
  };
}

/** What an answer that was not ok means for the work item. */
export function failureOf(provider: string, answer: ProviderAnswer): StageError {
  return stageErrorOf(readFailure(provider, answer));
}

/**
 * What a Google API's error answer means for the work item. That a provider is not there, or has
 * enough for now, is not the item's fault: it waits. docs/provider-errors.md is made of it.
 */
export function stageErrorOf(failure: ProviderFailure): StageError {
  const { httpStatus } = failure;
  const detail = detailOf(failure);
  if (httpStatus === 429) return rateLimit(failure, detail);
  // Gemini answers a bad key with 400, so the reason decides before the status does.
  if (httpStatus === 401 || failure.details.some(hasKeyReason)) {
    return new StageError("provider_key_invalid", "fail", { detail });
  }
  if (httpStatus === 402) return new StageError("provider_quota_exceeded", "defer", { detail });
  if (httpStatus === 408 || httpStatus >= 500) {
    const retryAfterSeconds = retryDelay(failure);
    return new StageError("provider_unavailable", "defer", { detail, retryAfterSeconds });
  }
  // A file that expired or was never there: the next attempt uploads it again.
  const again = httpStatus === 403 || httpStatus === 409;
  return new StageError("provider_rejected", again ? "retry" : "fail", { detail });
}

/** For the log: who answered what. */
export function detailOf({ provider, httpStatus, message }: ProviderFailure): string {
  return `${provider} answered with status ${httpStatus}${message ? `: ${message}` : ""}`;
}

function rateLimit(failure: ProviderFailure, detail: string): StageError {
  if (failure.details.some(isDailyQuota)) {
    return new StageError("provider_quota_exceeded", "defer", {
      detail,
      retryAfterSeconds: dailyQuotaRetrySeconds,
    });
  }
  const retryAfterSeconds = retryDelay(failure);
  return new StageError("provider_rate_limited", "defer", { detail, retryAfterSeconds });
}

/** Seconds to wait, as the provider names them; one of none, or of more than a day, is not believed. */
function retryDelay(failure: ProviderFailure): number | undefined {
  const named = namedDelay(failure);
  return named === undefined || !(named > 0) ? undefined : Math.min(named, longestDelaySeconds);
}

function namedDelay({ details, retryAfter }: ProviderFailure): number | undefined {
  for (const detail of details) {
    const info = retryInfoSchema.safeParse(detail);
    if (info.success) return Number.parseFloat(info.data.retryDelay);
  }
  if (retryAfter === null) return undefined;
  if (/^\d+(\.\d+)?$/.test(retryAfter)) return Number(retryAfter);
  // What is no date would be read as one: `5, 10` as a day in May.
  return /^[A-Z][a-z]{2},/.test(retryAfter)
    ? (Date.parse(retryAfter) - Date.now()) / 1000
    : undefined;
}

function hasKeyReason(detail: unknown): boolean {
  const info = errorInfoSchema.safeParse(detail);
  return info.success && keyReasons.has(info.data.reason);
}

function isDailyQuota(detail: unknown): boolean {
  const quota = quotaFailureSchema.safeParse(detail);
  return quota.success && quota.data.violations.some((v) => v.quotaId?.includes("PerDay") ?? false);
}
