/** A refusal in the Auth server's form. */
export class AuthRefusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 422 | 429;
  readonly errorCode: string;

  readonly more: object;

  /** @param more of the body */
  constructor(
    status: AuthRefusal["status"],
    errorCode: string,
    message: string,
    more: object = {},
  ) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
    this.more = more;
  }

  toResponse(): Response {
    const { status, errorCode, message, more } = this;
    return authError(status, errorCode, message, more);
  }
}

export function authError(
  status: number,
  errorCode: string,
  message: string,
  more: object = {},
): Response {
  return Response.json(
    { code: status, error_code: errorCode, msg: message, ...more },
    { status, headers: { "x-sb-error-code": errorCode } },
  );
}
