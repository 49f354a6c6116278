/** The app of the README, as it stands there: written to a file, opened in a page, used. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory } from "@sideline/local-stack";
import { createUser } from "@sideline/proving-ground/testing";
import type { Root } from "react-dom/client";
import { afterAll, afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { openPage, type TestPage } from "./react/test-page.ts";

const stack = inject("stack");
let page: TestPage;
let directory: string;
/** What the app renders into: it never ends by itself, and other files' tests follow in this process. */
const roots: Root[] = [];
vi.doMock("react-dom/client", async (importReal) => {
  const real = await importReal<typeof import("react-dom/client")>();
  const createRoot: typeof real.createRoot = (...given) => {
    const root = real.createRoot(...given);
    roots.push(root);
    return root;
  };
  return { ...real, createRoot };
});
afterAll(() => vi.doUnmock("react-dom/client"));

beforeEach(async () => {
  page = openPage();
  const parent = join(projectDirectory, ".local");
  await mkdir(parent, { recursive: true });
  directory = await mkdtemp(join(parent, "readme-app-"));
});
afterEach(async () => {
  for (const root of roots.splice(0)) root.unmount();
  vi.unstubAllEnvs();
  vi.unstubAllGlobals();
  await page.close();
  await rm(directory, { recursive: true, force: true });
});

async function appOfReadme(): Promise<string> {
  const text = await readFile(new URL("../README.md", import.meta.url), "utf8");
  return /```tsx\n([\s\S]*?)```/.exec(text)?.[1] ?? "";
}

test("is a whole app: it signs in, uploads a clip, and every remark can be heard", async () => {
  const source = await appOfReadme();
  expect(source.split("\n").filter((line) => line.trim() !== "").length).toBeLessThanOrEqual(30);
  const user = await createUser(stack, "reader");
  const answers: Record<string, string> = { Email: user.email, Password: user.password };
  vi.stubGlobal("prompt", (question: string) => answers[question]);
  vi.stubEnv("VITE_SUPABASE_URL", stack.apiUrl);
  vi.stubEnv("VITE_SUPABASE_KEY", stack.publishableKey);
  const file = join(directory, "app.tsx");
  await writeFile(file, source);

  await import(file);
  await expect.poll(() => page.root.querySelector("input")).not.toBeNull();
  const bytes = await readFile(join(projectDirectory, "samples", "rally.mp4"));
  const input = page.root.querySelector("input");
  const clip = new File([bytes], "rally.mp4", { type: "video/mp4" });
  Object.defineProperty(input, "files", { value: [clip] });
  page.change(input);

  expect(roots).toHaveLength(1);
  const remarks = () => page.root.querySelectorAll("p").length;
  const sounds = () => [...page.root.querySelectorAll("audio")].map(({ src }) => src);
  await expect.poll(remarks, { timeout: 40_000 }).toBeGreaterThan(0);
  // Both come one by one.
  await expect.poll(() => remarks() - sounds().length, { timeout: 40_000 }).toBe(0);
  for (const url of sounds()) {
    const sound = await fetch(url);
    expect(sound.headers.get("content-type")).toBe("audio/wav");
    await sound.body?.cancel();
  }
}, 90_000);
