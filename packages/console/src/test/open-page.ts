import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import { expect } from "vitest";

export interface Look {
  width: number;
  colorScheme: "light" | "dark";
}

const looks: Look[] = [
  { width: 1440, colorScheme: "light" },
  { width: 1440, colorScheme: "dark" },
  { width: 390, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
];

/** A page whose errors are collected: none may go unnoticed. */
export type OpenPage = Page & { faults: string[] };

/** @param movesClock whether the test can move the page's clock on; it runs by itself, too */
export async function openPage(
  browser: Browser,
  url: string,
  { movesClock = false } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
    // What turns while work is under way would be painted sixty times a second, without a GPU.
    reducedMotion: "reduce",
  });
  if (movesClock) await context.clock.install();
  const page = await context.newPage();
  const faults: string[] = [];
  page.on("pageerror", (error) => faults.push(error.message));
  page.on("console", (message) => {
    if (message.type() === "error") faults.push(message.text());
  });
  // The first page waits until the console is built.
  await page.goto(url, { timeout: 90_000 });
  return Object.assign(page, { faults });
}

/** Moves the page's clock on, past one pause after the other, until something is shown. */
export async function hurryUntil(page: Page, shown: Locator): Promise<void> {
  const look = async () => {
    await page.clock.fastForward(15_000);
    return await shown.count();
  };
  await expect.poll(look, { interval: 250 }).toBeGreaterThan(0);
}

/** Each width and each scheme once: what is wrong in one hardly needs the other. */
const fewLooks = looks.filter((_, at) => at === 0 || at === looks.length - 1);

/**
 * Looks at the page in each size and colour scheme, and in every pair of them for pictures.
 * @param name of the pictures, which are kept where SCREENSHOTS names a folder
 * @returns what axe finds serious, as sentences
 */
export async function inspect(page: Page, name: string): Promise<string[]> {
  const found: string[] = [];
  const directory = process.env.SCREENSHOTS;
  if (!(await page.evaluate(() => "axe" in globalThis))) {
    await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core") });
  }
  for (const { width, colorScheme } of directory ? looks : fewLooks) {
    await page.emulateMedia({ colorScheme });
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    const violations = await page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: the script above has put it there.
      const { violations } = await (globalThis as any).axe.run(document, {
        resultTypes: ["violations"],
        // No rule in use needs the files of sheets and media once more.
        preload: false,
      });
      return violations
        .filter(({ impact }: { impact: string }) => impact === "serious" || impact === "critical")
        .map(
          ({ id, nodes }: { id: string; nodes: { html: string; failureSummary: string }[] }) =>
            `${id}: ${nodes[0]?.html} ${nodes[0]?.failureSummary}`,
        );
    });
    for (const violation of violations) found.push(`${width} ${colorScheme}: ${violation}`);
    const isTooWide = await page.evaluate(
      () => document.documentElement.scrollWidth > document.documentElement.clientWidth,
    );
    if (isTooWide) found.push(`${width}: the page scrolls sideways`);
    if (directory) {
      await mkdir(directory, { recursive: true });
      await page.screenshot({ path: join(directory, `${name}-${width}-${colorScheme}.png`) });
    }
  }
  await page.setViewportSize({ width: 1440, height: 900 });
  return found;
}
