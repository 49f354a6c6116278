import { type ApiError, errorResponse } from "./errors.ts";

/** Ends a request, and its transaction, with an answer of PostgREST's own. */
export class Refusal extends Error {
  readonly response: Response;
  readonly code: string;

  constructor(status: number, error: Partial<ApiError> & { code: string; message: string }) {
    super(error.message);
    this.code = error.code;
    this.response = errorResponse(status, { details: null, hint: null, ...error });
  }
}

export class ParseFailure extends Refusal {
  constructor(what: string, text: string, at: number) {
    const found = text[at] === undefined ? "end of input" : JSON.stringify(text[at]);
    super(400, {
      code: "PGRST100",
      message: `"failed to parse ${what} (${text})" (line 1, column ${at + 1})`,
      details: `unexpected ${found}`,
    });
  }
}
