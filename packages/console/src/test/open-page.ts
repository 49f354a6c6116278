import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";

export interface Look {
  width: number;
  colorScheme: "light" | "dark";
}

export const looks: Look[] = [
  { width: 1440, colorScheme: "light" },
  { width: 1440, colorScheme: "dark" },
  { width: 390, colorScheme: "light" },
  { width: 390, colorScheme: "dark" },
];

/** A page whose errors are collected: none may go unnoticed. */
export type OpenPage = Page & { faults: string[] };

export async function openPage(browser: Browser, url: string): Promise<OpenPage> {
  const context = await browser.newContext({
    locale: "en-GB",
    viewport: { width: 1440, height: 900 },
  });
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
  await page.addScriptTag({ path: createRequire(import.meta.url).resolve("axe-core") });
  for (const { width, colorScheme } of directory ? looks : fewLooks) {
    await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
    await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
    const violations = await page.evaluate(async () => {
      // biome-ignore lint/suspicious/noExplicitAny: the script above has put it there.
      const { violations } = await (globalThis as any).axe.run(document);
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
