import type { ErrorCode, Stage } from "@sideline/contracts";

/** What a log line may carry. There is no field for free text, so no user's words can get in. */
export interface LogFields {
  function?: string;
  stage?: Stage;
  correlation_id?: string;
  id?: number;
  analysis_job_id?: number;
  video_recording_id?: number;
  attempt?: number;
  ms?: number;
  status?: number;
  outcome?: string;
  code?: ErrorCode | string;
  model?: string;
  bytes?: number;
  counts?: Record<string, number | string>;
  retry_after_seconds?: number;
  /** Class of an error nobody foresaw, and where it was thrown; its message may quote a user. */
  error_name?: string;
  error_at?: string;
}

export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  error(event: string, fields?: LogFields): void;
  /** The same log with these fields on every line. */
  with(fields: LogFields): Log;
}

export interface LogOptions {
  write(line: string): void;
  now(): Date;
  /** Values replaced wherever they occur, whatever field they slipped into. */
  secrets: readonly string[];
}

/** Shapes of credentials that are not ours to know: API keys, Supabase keys, JWTs. */
const credentialShapes =
  /AIza[\w-]{20,}|sb_(?:secret|publishable)_[\w-]+|eyJ[\w-]+\.[\w-]+(?:\.[\w-]+)?/g;

/** One JSON object a line, ready for any collector. */
export function createLog(options: LogOptions, base: LogFields = {}): Log {
  // A stand-in key of a few letters would blank ordinary words.
  const secrets = options.secrets.filter((secret) => secret.length >= 8);
  const redact = (text: string): string =>
    secrets
      .reduce((redacted, secret) => redacted.replaceAll(secret, "[redacted]"), text)
      .replace(credentialShapes, "[redacted]");

  const emit = (level: string, event: string, fields: LogFields = {}): void => {
    const line = { time: options.now().toISOString(), level, event, ...base, ...fields };
    options.write(
      JSON.stringify(line, (_key, value) => (typeof value === "string" ? redact(value) : value)),
    );
  };
  return {
    info: (event, fields) => emit("info", event, fields),
    warn: (event, fields) => emit("warn", event, fields),
    error: (event, fields) => emit("error", event, fields),
    with: (fields) => createLog(options, { ...base, ...fields }),
  };
}
