/** The other accounts of a shared machine: nothing of a running stack is open to them. */
import { spawnSync } from "node:child_process";
import { readdirSync, statSync } from "node:fs";
import path from "node:path";
import { createUser, type TestUser } from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { testUploads } from "./storage/resumable/test-uploads.ts";
import { createTestBucket, type TestBucket } from "./storage/test-bucket.ts";

const stack = inject("stack");
const isRoot = process.getuid?.() === 0;
let bucket: TestBucket;
let owner: TestUser;

beforeAll(async () => {
  bucket = await createTestBucket(stack);
  owner = await createUser(stack, "owner");
  const video = Buffer.from("what nobody else may see");
  const { error } = await bucket.files.upload("plain.mp4", video);
  if (error) throw error;
  const { tusUpload } = testUploads(stack, () => ({ bucket, owner }));
  await tusUpload(`${owner.userId}/resumed.mp4`, video).done;
});
afterAll(() => bucket.drop());

/** Runs a command as an account that is neither ours nor Postgres'. */
function asStranger(command: string, ...args: string[]) {
  const stranger = { uid: 54_321, gid: 54_321, cwd: "/", encoding: "utf8" } as const;
  return spawnSync(command, args, stranger);
}

function filesUnder(folder: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => path.join(parentPath, name));
}

const ownEntries = () => readdirSync(stack.dir).map((name) => path.join(stack.dir, name));

/** What other tests have removed meanwhile is not open to anybody. */
const openToOthers = (file: string) =>
  ((statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;

test("videos, keys, logs and notes have mode 0600, their folders 0700", () => {
  const storage = path.join(stack.dir, "storage");
  const videos = filesUnder(storage);
  const folders = [
    storage,
    ...["objects", "incoming", "resumable"].map((name) => path.join(storage, name)),
  ];

  expect(videos.length).toBeGreaterThanOrEqual(2);
  expect([...videos, ...folders].filter(openToOthers)).toEqual([]);
  expect(ownEntries().filter(openToOthers)).toEqual([]);
});

test.skipIf(!isRoot)("another account reads no file of a stack (needs root to become one)", () => {
  const cluster = path.join(stack.dir, "postgres", "cluster", "PG_VERSION");
  const files = [...ownEntries(), ...filesUnder(path.join(stack.dir, "storage")), cluster];

  expect(files).toContain(path.join(stack.dir, "keys.json"));
  expect(asStranger("cat", ...files).stdout).toBe("");
  // The stranger can read what is open, so the silence above says something.
  expect(asStranger("cat", "/etc/passwd").stdout).toContain("root");
});

test("no published password opens the database", async () => {
  const url = new URL(stack.dbUrl);
  for (const password of ["postgres", "", "supabase"]) {
    url.password = password;
    const client = new pg.Client({ connectionString: url.href });
    client.on("error", () => {});
    const entry = client.connect().finally(() => client.end().catch(() => {}));

    await expect(entry).rejects.toThrow(/password/);
  }
});

test.skipIf(process.platform !== "linux")("no process shows a secret among its arguments", () => {
  const secrets = [new URL(stack.dbUrl).password, stack.secretKey, stack.jwtSecret];
  const shown = spawnSync("ps", ["-eo", "args"], { encoding: "utf8" }).stdout;

  expect(shown).toContain("postgres");
  expect(secrets.filter((secret) => shown.includes(secret))).toEqual([]);
});
