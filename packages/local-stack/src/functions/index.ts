/** The Edge Functions behind `/functions/v1`. */
export interface FunctionsHost {
  /** Serves a request whose path is `/<name>/…`. */
  fetch(request: Request, name: string): Promise<Response>;
  /** Whether a user's token is checked before the function is called. */
  verifiesJwt(name: string): Promise<boolean>;
  stop(): Promise<void>;
}
