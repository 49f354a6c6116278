import type { ErrorCode } from "@sideline/contracts";
import { z } from "zod";
import { type Fate, StageError } from "../errors.ts";

/** A Google API's error answer, as far as it says what to do next. */
export interface ProviderFailure {
  /** For the sentence: "Gemini", "Text-to-Speech". */
  provider: string;
  httpStatus: number;
  message: string;
  details: readonly unknown[];
  /** The Retry-After header, where the client can see headers. */
  retryAfter: string | null;
}

const errorBodySchema = z.object({
  error: z.object({
    message: z.string().default(""),
    details: z.array(z.unknown()).default([]),
  }),
});
const retryInfoSchema = z.object({ retryDelay: z.string().regex(/^\d+(\.\d+)?s$/) });
const errorInfoSchema = z.object({ reason: z.string() });
const quotaFailureSchema = z.object({
  violations: z.array(z.looseObject({ quotaId: z.string().optional() })),
});

/** A daily quota is asked for again every hour. */
const dailyQuotaRetrySeconds = 3600;

/** Reasons of ErrorInfo that say: this key will never do. */
const keyReasons = new Set([
  "API_KEY_INVALID",
  "API_KEY_EXPIRED",
  "API_KEY_SERVICE_BLOCKED",
  "ACCESS_TOKEN_TYPE_UNSUPPORTED",
  "CREDENTIALS_MISSING",
  "SERVICE_DISABLED",
]);

/** Reads a fetch answer that was not ok; never throws for a body that is not the usual JSON. */
export async function readFailure(provider: string, response: Response): Promise<ProviderFailure> {
  const body = errorBodySchema.safeParse(await response.json().catch(() => null));
  return {
    provider,
    httpStatus: response.status,
    message: body.success ? body.data.error.message : "",
    details: body.success ? body.data.error.details : [],
    retryAfter: response.headers.get("retry-after"),
  };
}

/** What a fetch answer that was not ok means for the work item. */
export async function failureOf(provider: string, response: Response): Promise<StageError> {
  return stageErrorOf(await readFailure(provider, response));
}

/**
 * What a Google API's error answer means for the work item. That a provider is not there, or has
 * enough for now, is not the item's fault: it waits.
 */
export function stageErrorOf(failure: ProviderFailure): StageError {
  const { provider, httpStatus } = failure;
  const say = (text: string): string =>
    failure.message ? `${provider} ${text}: ${failure.message}` : `${provider} ${text}.`;
  const make = (code: ErrorCode, fate: Fate, text: string): StageError =>
    new StageError(say(text), { code, fate });

  if (httpStatus === 429) return rateLimit(failure, say);
  // Gemini answers a bad key with 400, so the reason decides before the status does.
  if (httpStatus === 401 || failure.details.some(hasKeyReason)) {
    return make("provider_key_invalid", "fail", "refused the API key");
  }
  if (httpStatus === 402) return make("provider_quota_exceeded", "defer", "has no credit left");
  if (httpStatus === 408 || httpStatus >= 500) {
    return make("provider_unavailable", "defer", `answered with status ${httpStatus}`);
  }
  // A file that expired or was never there: the next attempt uploads it again.
  if (httpStatus === 403 || httpStatus === 409) {
    return make("provider_rejected", "retry", "refused the request");
  }
  return make("provider_rejected", "fail", "rejected the request");
}

/** The request did not get through, or no answer came in time. */
export function unreachable(provider: string, cause: unknown): StageError {
  return new StageError(`${provider} could not be reached.`, {
    code: "provider_unavailable",
    fate: "defer",
    cause,
  });
}

function rateLimit(failure: ProviderFailure, say: (text: string) => string): StageError {
  if (failure.details.some(isDailyQuota)) {
    return new StageError(say("has used up today's quota"), {
      code: "provider_quota_exceeded",
      fate: "defer",
      retryAfterSeconds: dailyQuotaRetrySeconds,
    });
  }
  const retryAfterSeconds = retryDelay(failure);
  return new StageError(say("asked to slow down"), {
    code: "provider_rate_limited",
    fate: "defer",
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}

function retryDelay(failure: ProviderFailure): number | undefined {
  for (const detail of failure.details) {
    const info = retryInfoSchema.safeParse(detail);
    if (info.success) return Number.parseFloat(info.data.retryDelay);
  }
  if (failure.retryAfter === null) return undefined;
  const seconds = /^\d+$/.test(failure.retryAfter)
    ? Number(failure.retryAfter)
    : (Date.parse(failure.retryAfter) - Date.now()) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

function hasKeyReason(detail: unknown): boolean {
  const info = errorInfoSchema.safeParse(detail);
  return info.success && keyReasons.has(info.data.reason);
}

function isDailyQuota(detail: unknown): boolean {
  const quota = quotaFailureSchema.safeParse(detail);
  return quota.success && quota.data.violations.some((v) => v.quotaId?.includes("PerDay") ?? false);
}
