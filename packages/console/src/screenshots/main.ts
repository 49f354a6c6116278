/**
 * `npm run screenshots`: makes the pictures of docs/images from a real run, on a stack of its own:
 * a person says what to look for, uploads clips, hears a remark, and looks at how the machine is doing.
 */
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { projectDirectory, type Stack, startTemporaryStack } from "@sideline/local-stack";
import { createServiceClient } from "@sideline/proving-ground/testing";
import type { Page } from "playwright-core";
import { openConsole, signUp } from "../test/open-console.ts";
import { openPage } from "../test/open-page.ts";

const images = join(projectDirectory, "docs", "images");
const clip = join(projectDirectory, "samples", "rally.mp4");
const desktop = { width: 1440, height: 900 };
const phone = { width: 390, height: 844 };
const email = "ann@example.com";

await mkdir(images, { recursive: true });
const stack = await startTemporaryStack({ providers: "local" });
const place = await openConsole(stack);
try {
  const page = await openPage(place.browser, place.url);
  await page.emulateMedia({ reducedMotion: "reduce" });
  await showProduct(page);
  await showOperations(page, stack, place.url);
} finally {
  await place.close();
  await stack.stop();
}
// The Realtime client keeps a timer for ten seconds after it has disconnected.
process.exit();

async function showProduct(page: Page): Promise<void> {
  await signUp(page, email);
  await showBrief(page);
  await upload(page, clip);
  await page.getByRole("link", { name: "All recordings" }).click();
  const unreadable = join(stack.dir, "holiday.mp4");
  await writeFile(unreadable, "This is no video.\n".repeat(500));
  await page.getByLabel("Choose a video").setInputFiles(unreadable);
  await page.getByText("Failed", { exact: true }).first().waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: "All recordings" }).click();
  await upload(page, clip);
  await page.getByRole("link", { name: "All recordings" }).click();
  await page.getByText("3/3").nth(1).waitFor();
  await page.mouse.move(0, 0);
  await keep(page, "console-home", desktop, "light");

  await page.getByRole("listitem").getByRole("link").first().click();
  await page.getByRole("button", { name: "Hear this remark" }).nth(2).waitFor();
  await page.getByLabel("Position in the video").fill("3.2");
  await page.getByRole("button", { name: "Play", exact: true }).click();
  await page.locator("video + audio, audio").first().waitFor({ state: "attached" });
  await page.mouse.move(0, 0);
  await keep(page, "console-recording", desktop, "light");
  await keep(page, "console-phone", phone, "dark");
  await page.keyboard.press("k");
}

/** Drafted out of a sentence, answered in part, and chosen for the uploads that follow. */
async function showBrief(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Briefs" }).click();
  await page
    .getByLabel("Say in a sentence what to look for")
    .fill(
      "First serve: how high the toss is, the left arm, skip the camera, for a twelve-year-old",
    );
  await page.getByRole("button", { name: "Draft it for me" }).click();
  await page.getByText("Drafted as revision 2.").waitFor();
  await page.getByRole("button", { name: "intermediate" }).click();
  await page.getByRole("heading", { name: "Revision 3" }).waitFor();
  await page.mouse.move(0, 0);
  await keep(page, "console-brief", desktop, "light");
  await keep(page, "console-brief-phone", phone, "dark");
  await page.setViewportSize(desktop);
  await page.getByRole("button", { name: "Use for the next upload" }).click();
}

async function upload(page: Page, file: string): Promise<void> {
  await page.getByLabel("Choose a video").setInputFiles(file);
  await page.getByRole("button", { name: "Hear this remark" }).nth(2).waitFor({ timeout: 120_000 });
}

async function showOperations(page: Page, stack: Stack, url: string): Promise<void> {
  const { auth } = createServiceClient(stack);
  const { data } = await auth.admin.listUsers();
  const user = data.users.find((one) => one.email === email);
  if (!user) throw new Error("Whoever signed up is not there.");
  await auth.admin.updateUserById(user.id, { app_metadata: { role: "operator" } });
  await page.setViewportSize(desktop);
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("link", { name: "Operations" }).waitFor();
  await page.goto(`${url}#/operator`);
  await page.getByText("Broken rules").waitFor();
  await page.getByRole("button", { name: "Look now" }).click();
  await page.getByText("None. Queue and items agree.").waitFor();
  await page.getByRole("img").first().waitFor();
  await page.mouse.move(0, 0);
  await page.evaluate(() => scrollTo(0, 0));
  await keep(page, "console-operations", desktop, "light");
  await keep(page, "console-operations-dark", desktop, "dark");
  await keep(page, "console-operations-phone", phone, "dark");
}

async function keep(
  page: Page,
  name: string,
  size: { width: number; height: number },
  colorScheme: "light" | "dark",
): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: "reduce" });
  await page.setViewportSize(size);
  await page.evaluate(() => scrollTo(0, 0));
  await page.screenshot({ path: join(images, `${name}.png`) });
  console.info(`docs/images/${name}.png`);
}
