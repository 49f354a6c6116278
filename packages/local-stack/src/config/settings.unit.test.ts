import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, beforeEach, expect, onTestFinished, test } from "vitest";
import { defaultSettings, readSettings } from "./settings.ts";

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), "sideline-settings-"));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(toml: string) {
  const file = path.join(directory, "config.toml");
  await writeFile(file, toml);
  return await readSettings(file);
}

test("a project without the file has the CLI's defaults", async () => {
  const { settings, unread } = await readSettings(path.join(directory, "none.toml"));

  expect(settings).toEqual(defaultSettings);
  expect(unread).toEqual([]);
});

test.each([
  ['"500MiB"', 500 * 1024 ** 2],
  ['"5MB"', 5 * 1024 ** 2],
  ['"1.5g"', 1.5 * 1024 ** 3],
  ["1000", 1000],
])("the size %s is %i bytes", async (text, bytes) => {
  const { settings } = await read(`[storage]\nfile_size_limit = ${text}`);

  expect(settings.storage.file_size_limit).toBe(bytes);
});

test("env(NAME) is read from the environment", async () => {
  process.env.SIDELINE_TEST_SITE = "https://site.example.com";
  onTestFinished(() => void delete process.env.SIDELINE_TEST_SITE);

  const { settings } = await read('[auth]\nsite_url = "env(SIDELINE_TEST_SITE)"');

  expect(settings.auth.site_url).toBe("https://site.example.com");
});

test("what nobody reads is named, unless its part is switched off", async () => {
  const { unread } = await read(`
    project_id = "x"
    [auth]
    jwt_expiry = 60
    enable_manual_linking = true
    [auth.captcha]
    enabled = false
    provider = "x"
    [auth.rate_limit]
    email_sent = 2
    sms_sent = 30
    [realtime]
    enabled = true
    [auth.hook.send_email]
    enabled = true
    uri = "https://example.com"
    [db.seed]
    sql_paths = ["./seed.sql"]
  `);

  expect(unread).toEqual([
    "auth.enable_manual_linking",
    "auth.rate_limit.email_sent",
    "auth.rate_limit.sms_sent",
    "auth.hook",
  ]);
});

test("of functions and their runtime, too, what is not read is named", async () => {
  const { settings, unread } = await read(`
    [api]
    extra_search_path = ["public", "tools"]
    [edge_runtime]
    policy = "oneshot"
    [edge_runtime.secrets]
    WORD = "open sesame"
    [functions.usual]
    verify_jwt = false
    entrypoint = "./functions/usual/index.ts"
    import_map = "functions/usual/deno.json"
    [functions.odd]
    enabled = false
    [functions.other]
    entrypoint = "./functions/other/main.ts"
    static_files = ["./functions/other/*.html"]
  `);

  expect(unread).toEqual(["functions.other.entrypoint", "functions.other.static_files"]);
  expect(settings.api.extra_search_path).toEqual(["public", "tools"]);
  expect(settings.edge_runtime.secrets).toEqual({ WORD: "open sesame" });
  expect(settings.functions).toEqual({
    usual: { enabled: true, verify_jwt: false },
    odd: { enabled: false, verify_jwt: true },
    other: { enabled: true, verify_jwt: true },
  });
});

test("a value that makes no sense is an error that names it", async () => {
  await expect(read("[auth]\njwt_expiry = -1")).rejects.toThrow("auth.jwt_expiry");
});
