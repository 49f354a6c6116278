import type { ErrorCode, WorkStage } from "@sideline/contracts";

/** What a log line may carry. None but `detail` is free text, and that is struck out and cut. */
export interface LogFields {
  function?: string;
  stage?: WorkStage;
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
  /** A video's container, by its bytes. */
  video?: string;
  counts?: Record<string, number | string>;
  retry_after_seconds?: number;
  /** What a provider said; without addresses, numbers of projects and what it quotes. */
  detail?: string;
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

const longestDetail = 300;

/**
 * A provider's sentence without what may identify somebody: addresses, long numbers, and quotations
 * that are no plain name, for it quotes what it was sent.
 */
function struckOut(words: string): string {
  const text = words
    .toWellFormed()
    .replace(/[\s\p{Cc}]+/gu, " ")
    .replace(/\bhttps?:\S+/gi, "[address]")
    .replace(/\d{6,}/g, "[number]")
    .replace(/(["'`“‘])((?:(?!\1)[^”’])*)(\1|[”’])/gu, (whole, open, inside, close) =>
      /^[\w./:-]{0,60}$/.test(inside) ? whole : `${open}…${close}`,
    )
    .trim();
  return text.length <= longestDetail ? text : `${text.slice(0, longestDetail).toWellFormed()}…`;
}

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
      JSON.stringify(line, (key, value) => {
        if (typeof value !== "string") return value;
        return key === "detail" ? struckOut(redact(value)) : redact(value);
      }),
    );
  };
  return {
    info: (event, fields) => emit("info", event, fields),
    warn: (event, fields) => emit("warn", event, fields),
    error: (event, fields) => emit("error", event, fields),
    with: (fields) => createLog(options, { ...base, ...fields }),
  };
}
