import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { buildConsole } from "../serve/build-console.ts";
import { serveConsole } from "../serve/index.ts";
import { launchBrowser } from "./chromium.ts";

export interface OpenConsole {
  url: string;
  browser: Browser;
  close(): Promise<void>;
}

/**
 * The console, served for a stack, and a browser to look at it with.
 * @param directory where the built files are kept
 */
export async function openConsole(
  stack: { apiUrl: string; publishableKey: string; dir: string },
  directory = stack.dir,
): Promise<OpenConsole> {
  const outDirectory = await consoleIn(directory);
  const served = await serveConsole({ project: stack, outDirectory, isBuilt: true });
  const browser = await launchBrowser();
  return {
    url: served.url,
    browser,
    async close() {
      await browser.close();
      await served.close();
    },
  };
}

/** The built files: the first test of a run to need them builds them. */
async function consoleIn(dir: string): Promise<string> {
  const kept = join(dir, "console");
  if (existsSync(kept)) return kept;
  const draft = await mkdtemp(join(dir, "console-"));
  await buildConsole(draft);
  // Another worker may have built the same meanwhile.
  await rename(draft, kept).catch(() => rm(draft, { recursive: true, force: true }));
  return kept;
}

/** @returns the address of the new account */
export async function signUp(
  page: Page,
  email = `viewer-${crypto.randomUUID()}@sideline.test`,
): Promise<string> {
  await page.getByRole("button", { name: "Create an account" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Create account" }).click();
  await page.getByRole("heading", { name: "Your recordings" }).waitFor();
  return email;
}
