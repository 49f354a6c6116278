/** What the platform answers when a function does not. Codes and texts as hosted. */
export type Failure = "NOT_FOUND" | "BOOT_ERROR" | "WORKER_LIMIT" | "IDLE_TIMEOUT";

const failures: Record<Failure, { status: number; message: string }> = {
  NOT_FOUND: { status: 404, message: "Requested function was not found" },
  BOOT_ERROR: { status: 503, message: "Function failed to start (please check logs)" },
  WORKER_LIMIT: {
    status: 546,
    message: "Function failed due to not having enough compute resources (please check logs)",
  },
  IDLE_TIMEOUT: { status: 504, message: "The function did not answer in time" },
};

export function failureResponse(code: Failure): Response {
  const { status, message } = failures[code];
  return Response.json(
    { code, message },
    { status, headers: { "access-control-allow-origin": "*", "x-sb-error-code": code } },
  );
}
