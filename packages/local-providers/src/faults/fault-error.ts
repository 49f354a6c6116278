import { ApiError, errorInfo } from "../api-error.ts";
import type { Fault } from "./fault.ts";

const MESSAGES = {
  400: "Request contains an invalid argument.",
  401: "Request had invalid authentication credentials.",
  402: "The prepaid credit of this project is used up.",
  403: "The caller does not have permission.",
  404: "Requested entity was not found.",
  413: "Request payload size exceeds the limit.",
  429: "You exceeded your current quota, please check your plan and billing details.",
  500: "An internal error has occurred. Please retry.",
  501: "Operation is not implemented.",
  503: "The model is overloaded. Please try again later.",
  504: "The request did not complete within its deadline.",
} as const;

/** The error that a `status` fault answers with, in the shape the real services use. */
export function errorOfFault(fault: Fault): ApiError {
  const details: object[] = [];
  if (fault.quota !== undefined) {
    details.push({
      "@type": "type.googleapis.com/google.rpc.QuotaFailure",
      violations: [
        {
          quotaMetric: "generativelanguage.googleapis.com/generate_content_requests",
          quotaId: `GenerateRequests${fault.quota}PerProjectPerModel`,
        },
      ],
    });
  }
  if (fault.retryDelay !== undefined) {
    details.push({
      "@type": "type.googleapis.com/google.rpc.RetryInfo",
      retryDelay: fault.retryDelay,
    });
  }
  if (fault.status === 403 && fault.match === "tts") {
    details.push(errorInfo("SERVICE_DISABLED", "texttospeech.googleapis.com"));
  }
  return new ApiError(fault.status, fault.message ?? MESSAGES[fault.status], { details });
}
