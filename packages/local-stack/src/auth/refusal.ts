/** A refusal in the Auth server's form. */
export class AuthRefusal extends Error {
  readonly status: 400 | 401 | 403 | 404 | 422;
  readonly errorCode: string;

  constructor(status: AuthRefusal["status"], errorCode: string, message: string) {
    super(message);
    this.status = status;
    this.errorCode = errorCode;
  }

  toResponse(): Response {
    const { status, errorCode, message } = this;
    return authError(status, errorCode, message);
  }
}

export function authError(status: number, errorCode: string, message: string): Response {
  return Response.json(
    { code: status, error_code: errorCode, msg: message },
    { status, headers: { "x-sb-error-code": errorCode } },
  );
}
