/** The template that `cloneDatabase` copies: the migrated database, before anything used it. */
export const TEMPLATE_DATABASE = "sideline_template";

/** The running embedded stack as integration tests see it: addresses and keys, all plain text. */
export interface TestStack {
  /** Gateway, e.g. `http://127.0.0.1:40123`. */
  apiUrl: string;
  /** Postgres as role `postgres`, which is not a superuser. */
  dbUrl: string;
  /** Postgres as superuser `supabase_admin`. */
  adminDbUrl: string;
  publishableKey: string;
  secretKey: string;
  jwtSecret: string;
  /** The stack's data directory; removed when the run ends. */
  dir: string;
  /** Offline Gemini and Cloud TTS, or null where the environment names real ones. */
  providersUrl: string | null;
}

declare module "vitest" {
  interface ProvidedContext {
    /** `inject("stack")` in any `*.integration.test.ts`. */
    stack: TestStack;
  }
}
