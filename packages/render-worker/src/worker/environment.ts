import { z } from "zod";

const keySet = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text);
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ default: z.string().min(1) }))
  .transform((keys) => keys.default);

/** As functions have them, or one key alone. */
const variables = z
  .object({
    SUPABASE_URL: z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, "")),
    SUPABASE_SECRET_KEY: z.string().min(1).optional(),
    SUPABASE_SECRET_KEYS: keySet.optional(),
    /** Megabytes of memory that one render may take before it is ended. */
    RENDER_MEMORY_MB: z.coerce.number().int().min(256).default(2048),
    /** Minutes that one render may take. */
    RENDER_MINUTES: z.coerce.number().positive().max(1440).default(60),
    /** Milliseconds between two looks for work while there is none. */
    RENDER_POLL_MS: z.coerce.number().int().min(50).default(2000),
  })
  .transform((all, context) => {
    const secretKey = all.SUPABASE_SECRET_KEY ?? all.SUPABASE_SECRET_KEYS;
    if (secretKey === undefined) {
      context.addIssue({ code: "custom", path: ["SUPABASE_SECRET_KEY"], message: "is not set" });
      return z.NEVER;
    }
    return {
      url: all.SUPABASE_URL,
      secretKey,
      memoryBytes: all.RENDER_MEMORY_MB * 1024 * 1024,
      renderMs: all.RENDER_MINUTES * 60_000,
      pollMs: all.RENDER_POLL_MS,
    };
  });

export type Environment = z.infer<typeof variables>;

/** Throws an error whose one sentence names what is missing or malformed, and shows no value. */
export function parseEnvironment(record: Record<string, string | undefined>): Environment {
  const present = Object.fromEntries(Object.entries(record).filter(([, value]) => value));
  const parsed = variables.safeParse(present);
  if (parsed.success) return parsed.data;
  const names = new Set(parsed.error.issues.map(({ path }) => String(path[0])));
  const faults = [...names].map((name) =>
    present[name] === undefined ? `${name} is not set` : `${name} is malformed`,
  );
  throw new Error(`The render worker is not configured: ${faults.join(", ")}.`);
}
