import { z } from "zod";

const keySet = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(
    z.record(z.string(), z.string().min(1)).refine((keys) => keys.default !== undefined, {
      message: 'has no "default" key',
    }),
  );

const jwkSet = z
  .string()
  .transform((text, context) => {
    try {
      return JSON.parse(text) as unknown;
    } catch {
      context.addIssue({ code: "custom", message: "is not JSON" });
      return z.NEVER;
    }
  })
  .pipe(z.object({ keys: z.array(z.looseObject({ kty: z.string() })) }));

const baseUrl = z.url({ protocol: /^https?$/ }).transform((url) => url.replace(/\/+$/, ""));

/** A password stands in MAIL_KEY, which no log shows. */
function checkMailUrl(mail: { MAIL_PROVIDER?: string | undefined; MAIL_URL: string }): string[] {
  const { protocol, password } = new URL(mail.MAIL_URL);
  const isSmtp = protocol.startsWith("smtp");
  if (isSmtp !== (mail.MAIL_PROVIDER === "smtp")) {
    return ["MAIL_URL is not one of MAIL_PROVIDER: of smtp it is smtps://user@host:465"];
  }
  return password === "" ? [] : ["MAIL_URL holds a password, which belongs in MAIL_KEY"];
}

const variables = z.object({
  SUPABASE_URL: baseUrl,
  SUPABASE_PUBLISHABLE_KEYS: keySet,
  SUPABASE_SECRET_KEYS: keySet,
  SUPABASE_JWKS: jwkSet.optional(),
  GEMINI_API_KEY: z.string().min(1),
  GEMINI_BASE_URL: baseUrl.default("https://generativelanguage.googleapis.com"),
  GEMINI_MODEL: z.string().min(1).default("gemini-3.8-flash"),
  TTS_API_KEY: z.string().min(1).optional(),
  TTS_BASE_URL: baseUrl.default("https://texttospeech.googleapis.com"),
  SPEECH_PROVIDER: z.enum(["cloud", "gemini"]).default("cloud"),
  GEMINI_TTS_MODEL: z.string().min(1).default("gemini-3.8-flash-tts"),
  GEMINI_TTS_VOICE: z.string().min(1).default("Kore"),
  MAIL_PROVIDER: z.enum(["resend", "smtp", "mailpit"]).optional(),
  MAIL_URL: z.url({ protocol: /^(https?|smtps?)$/ }).default("https://api.resend.com/emails"),
  MAIL_KEY: z.string().min(1).optional(),
  MAIL_FROM: z
    .string()
    .regex(/^[^\r\n@]*[^\s@]@[^\s@]+$/)
    .default("sideline@localhost.localdomain"),
  WEBHOOKS_TO_PRIVATE: z.enum(["allowed", "refused"]).default("refused"),
  TTS_ENCODING: z.enum(["MP3", "LINEAR16"]).default("MP3"),
});

/** How mail is sent: by Resend's API, or one like it; by SMTP; or into a Mailpit. */
export interface MailSettings {
  provider: "resend" | "smtp" | "mailpit";
  /** Of SMTP: `smtps:` is TLS from the start, `smtp:` begins it later; the user's name in front. */
  url: string;
  /** Empty where none is needed. */
  key: string;
  from: string;
}

/** The environment of a function, parsed. */
export interface Env {
  supabase: {
    url: string;
    publishableKeys: Record<string, string>;
    secretKeys: Record<string, string>;
    publishableKey: string;
    secretKey: string;
    /** Absent where the platform serves the keys at a well-known URL instead. */
    jwks: z.infer<typeof jwkSet> | undefined;
  };
  gemini: { apiKey: string; baseUrl: string; model: string };
  speech: {
    provider: "cloud" | "gemini";
    cloud: { apiKey: string; baseUrl: string; encoding: "MP3" | "LINEAR16" };
    gemini: { apiKey: string; baseUrl: string; model: string; voice: string };
  };
  notify: { mail: MailSettings | null; allowsPrivate: boolean };
}

/** A variable is missing or malformed. The message names variables and never shows a value. */
export class EnvError extends Error {
  override name = "EnvError";
}

/**
 * Reads a function's environment. Called once per isolate; an empty variable counts as absent.
 * Throws EnvError naming every variable that is missing or malformed.
 */
export function parseEnv(record: Record<string, string | undefined>): Env {
  const present = Object.fromEntries(Object.entries(record).filter(([, value]) => value));
  const parsed = variables.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => {
      const name = issue.path[0] === undefined ? "environment" : String(issue.path[0]);
      return present[name] === undefined ? `${name} is not set` : `${name} ${fault(issue)}`;
    });
    throw new EnvError(`The function is not configured: ${[...new Set(faults)].join(", ")}.`);
  }
  const env = parsed.data;
  const mailFaults = env.MAIL_PROVIDER === undefined ? [] : checkMailUrl(env);
  if (mailFaults.length > 0) {
    throw new EnvError(`The function is not configured: ${mailFaults.join(", ")}.`);
  }
  return {
    supabase: {
      url: env.SUPABASE_URL,
      publishableKeys: env.SUPABASE_PUBLISHABLE_KEYS,
      secretKeys: env.SUPABASE_SECRET_KEYS,
      publishableKey: env.SUPABASE_PUBLISHABLE_KEYS.default ?? "",
      secretKey: env.SUPABASE_SECRET_KEYS.default ?? "",
      jwks: env.SUPABASE_JWKS,
    },
    gemini: {
      apiKey: env.GEMINI_API_KEY,
      baseUrl: env.GEMINI_BASE_URL,
      model: env.GEMINI_MODEL,
    },
    speech: {
      provider: env.SPEECH_PROVIDER,
      cloud: {
        apiKey: env.TTS_API_KEY ?? env.GEMINI_API_KEY,
        baseUrl: env.TTS_BASE_URL,
        encoding: env.TTS_ENCODING,
      },
      gemini: {
        apiKey: env.GEMINI_API_KEY,
        baseUrl: env.GEMINI_BASE_URL,
        model: env.GEMINI_TTS_MODEL,
        voice: env.GEMINI_TTS_VOICE,
      },
    },
    notify: { mail: mailOf(env), allowsPrivate: env.WEBHOOKS_TO_PRIVATE === "allowed" },
  };
}

/** Every value that must never reach a log. */
export function secretsOf(env: Env): string[] {
  const { supabase, gemini, speech, notify } = env;
  const mailKey = notify.mail?.key ? [notify.mail.key] : [];
  const keys = [gemini.apiKey, speech.cloud.apiKey, ...mailKey];
  return [...Object.values(supabase.secretKeys), ...keys];
}

function mailOf(env: z.infer<typeof variables>): MailSettings | null {
  if (env.MAIL_PROVIDER === undefined) return null;
  const { MAIL_PROVIDER: provider, MAIL_URL: url, MAIL_FROM: from } = env;
  return { provider, url, key: env.MAIL_KEY ?? "", from };
}

function fault(issue: z.core.$ZodIssue): string {
  return issue.code === "custom" ? issue.message : "is malformed";
}
