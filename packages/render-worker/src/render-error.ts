import type { ErrorCode } from "@sideline/contracts";

/** Why a video cannot be made. `detail` is for the log: it names the part, never a user's words. */
export class RenderError extends Error {
  override name = "RenderError";
  readonly code: ErrorCode;
  readonly detail: string;

  constructor(code: ErrorCode, detail: string, cause?: unknown) {
    super(`${code}: ${detail}`, { cause });
    this.code = code;
    this.detail = detail;
  }
}
