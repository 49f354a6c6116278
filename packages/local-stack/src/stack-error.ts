/** Stable names for what can keep a stack from starting. Tests and scripts may match on them. */
export type StackErrorCode =
  | "port_in_use"
  | "stack_running"
  | "dir_not_writable"
  | "disk_full"
  | "data_version_mismatch"
  | "no_postgres_account"
  | "postgres_unavailable"
  | "postgres_failed"
  | "platform_failed"
  | "migration_failed"
  | "part_failed";

/**
 * A reason that a person can act on. `message` is one or two whole sentences and is all the
 * command line prints; `detail` is the raw output behind it, for logs.
 */
export class StackError extends Error {
  readonly code: StackErrorCode;
  readonly detail: string | undefined;

  constructor(
    code: StackErrorCode,
    message: string,
    options: { detail?: string; cause?: unknown } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "StackError";
    this.code = code;
    this.detail = options.detail;
  }
}

/** The `code` of a Node system error (`EACCES`, `ENOSPC` …), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  if (error instanceof Error && "code" in error && typeof error.code === "string") {
    return error.code;
  }
  return undefined;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** Turns refusals of the file system into sentences; passes every other error through unchanged. */
export function explainFileError(error: unknown, directory: string): unknown {
  switch (systemCode(error)) {
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
      return new StackError(
        "dir_not_writable",
        `Cannot write to ${directory}. Choose another folder with --dir, or change its permissions.`,
        { cause: error },
      );
    default:
      return error;
  }
}

/**
 * A full disk shows in many ways: as a system error of ours, as Postgres' SQLSTATE 53100, or in the
 * words that initdb, Postgres or the CLI printed. Passes every other error through unchanged.
 */
export function explainFullDisk(error: unknown, directory: string): unknown {
  const code = systemCode(error);
  const words = error instanceof StackError ? `${error.message}\n${error.detail ?? ""}` : "";
  const isFull =
    code === "ENOSPC" ||
    code === "EDQUOT" ||
    code === "53100" ||
    /No space left on device|Disk quota exceeded/.test(words);
  return isFull ? diskFull(directory, error) : error;
}

function diskFull(directory: string, cause?: unknown): StackError {
  return new StackError(
    "disk_full",
    `The disk that holds ${directory} is full. Free some space, or choose another folder with --dir.`,
    { cause },
  );
}
