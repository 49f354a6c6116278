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

  constructor(part: ConnectionPart, message: string, options: { cause?: unknown } = {}) {
    super(message, options);
    this.name = "ConnectionError";
    this.part = part;
  }
}
