/** The part of a connection that is wrong. Scripts and tests may match on it. */
export type ConnectionPart =
  | "target"
  | "url"
  | "host"
  | "port"
  | "pooler"
  | "user"
  | "password"
  | "role"
  | "tls"
  | "database"
  | "access"
  | "limit"
  | "server";

/** Why there is no connection: one sentence that names the wrong part and says what to do. */
export class ConnectionError extends Error {
  readonly part: ConnectionPart;
  /** A line with the connection string that would have been right, without the password. */
  correction: string | null = null;

  constructor(part: ConnectionPart, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "ConnectionError";
    this.part = part;
  }
}

/** What a person at the prompt is told. */
export function told(error: Error): string {
  const correction = error instanceof ConnectionError ? error.correction : null;
  return correction === null ? error.message : `${error.message}\n${correction}`;
}

/** What two places have to say. */
export const sentences = {
  poolerUser:
    "The pooler finds the project by the user's name: write postgres.<project-ref> in place of postgres.",
  noPassword:
    "The database URL has no password: put it behind the user, between : and @, or in PGPASSWORD.",
};
