import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { serveConsole } from "../serve/index.ts";
import { launchBrowser } from "./chromium.ts";

export interface OpenConsole {
  url: string;
  browser: Browser;
  close(): Promise<void>;
}

/** The console, built and served for a project, and a browser to look at it with. */
export async function openConsole(project: {
  apiUrl: string;
  publishableKey: string;
}): Promise<OpenConsole> {
  const outDirectory = await mkdtemp(join(tmpdir(), "sideline-console-"));
  const served = await serveConsole({ project, outDirectory });
  const browser = await launchBrowser();
  return {
    url: served.url,
    browser,
    async close() {
      await browser.close();
      await served.close();
      await rm(outDirectory, { recursive: true, force: true });
    },
  };
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
