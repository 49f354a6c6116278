import { describe, expect, test } from "vitest";
import { EnvError, parseEnv, secretsOf } from "./env.ts";

const complete = {
  SUPABASE_URL: "http://127.0.0.1:54321/",
  SUPABASE_PUBLISHABLE_KEYS: '{"default":"sb_publishable_a"}',
  SUPABASE_SECRET_KEYS: '{"default":"sb_secret_b","cron":"sb_secret_c"}',
  GEMINI_API_KEY: "gemini-key",
};

function messageOf(record: Record<string, string | undefined>): string {
  try {
    parseEnv(record);
  } catch (error) {
    if (error instanceof EnvError) return error.message;
    throw error;
  }
  return "no error";
}

describe("parseEnv", () => {
  test("fills in the providers' addresses and lets speech use Gemini's key", () => {
    const env = parseEnv(complete);

    expect(env.supabase.url).toBe("http://127.0.0.1:54321");
    expect(env.supabase.secretKey).toBe("sb_secret_b");
    expect(env.gemini).toEqual({
      apiKey: "gemini-key",
      baseUrl: "https://generativelanguage.googleapis.com",
      model: "gemini-3.8-flash",
    });
    expect(env.speech).toEqual({
      provider: "cloud",
      cloud: {
        apiKey: "gemini-key",
        baseUrl: "https://texttospeech.googleapis.com",
        encoding: "MP3",
      },
      gemini: {
        apiKey: "gemini-key",
        baseUrl: "https://generativelanguage.googleapis.com",
        model: "gemini-3.8-flash-tts",
        voice: "Kore",
      },
    });
  });

  test("names every missing variable in one sentence", () => {
    expect(messageOf({ ...complete, SUPABASE_URL: undefined, GEMINI_API_KEY: "" })).toBe(
      "The function is not configured: SUPABASE_URL is not set, GEMINI_API_KEY is not set.",
    );
  });

  test.each([
    ["SUPABASE_SECRET_KEYS", "sb_secret_hidden", "SUPABASE_SECRET_KEYS is not JSON"],
    ["SUPABASE_SECRET_KEYS", '{"cron":"sb_secret_hidden"}', 'has no "default" key'],
    ["SUPABASE_URL", "ftp://hidden", "SUPABASE_URL is malformed"],
    ["SUPABASE_JWKS", '{"hidden":1}', "SUPABASE_JWKS is malformed"],
  ])("says what is wrong with %s and does not show its value", (name, value, fault) => {
    const message = messageOf({ ...complete, [name]: value });

    expect(message).toContain(fault);
    expect(message).not.toContain("hidden");
  });

  test.each([
    [{ MAIL_URL: "smtps://us@mail.test:465" }, null],
    [{}, "MAIL_URL is not one of MAIL_PROVIDER"],
    [{ MAIL_URL: "smtps://us:hidden@mail.test" }, "belongs in MAIL_KEY"],
    [{ MAIL_URL: "smtps://us@mail.test", MAIL_FROM: "hidden\r\n@a.test" }, "MAIL_FROM"],
  ])("smtp has an address of its own: %j", (record, fault) => {
    const mail = { ...complete, MAIL_PROVIDER: "smtp", MAIL_KEY: "word" };
    const message = messageOf({ ...mail, ...record });

    expect(message).toContain(fault ?? "no error");
    expect(message).not.toContain("hidden");
    if (fault === null) expect(secretsOf(parseEnv({ ...mail, ...record }))).toContain("word");
  });

  test("lists all secrets for the log to blank", () => {
    expect(secretsOf(parseEnv({ ...complete, TTS_API_KEY: "tts-key" }))).toEqual([
      "sb_secret_b",
      "sb_secret_c",
      "gemini-key",
      "tts-key",
    ]);
  });
});
