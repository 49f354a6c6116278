/**
 * The operator's page beside a pipeline that has work: real workers, a crowd of remarks, and some
 * that fail. On a stack of its own, since stages are paused.
 */
import { startTemporaryStack, type TemporaryStack } from "@sideline/local-stack";
import { createServiceClient } from "@sideline/proving-ground/testing";
import postgres from "postgres";
import { afterAll, beforeAll, expect, inject, test } from "vitest";
import { type OpenConsole, openConsole, signUp } from "./test/open-console.ts";
import { inspect, type OpenPage, openPage } from "./test/open-page.ts";

/** `REMARKS=400 npm test -- operator` makes the load last longer. */
const remarks = Number(process.env.REMARKS ?? 10);
const unspeakable = 5;
let stack: TemporaryStack;
let place: OpenConsole;
let sql: postgres.Sql;
/** An operator, at the operator's page. */
let page: OpenPage;

beforeAll(async () => {
  stack = await startTemporaryStack({ providers: "local", prewarm: false });
  sql = postgres(stack.adminDbUrl, { max: 1, onnotice: () => {} });
  place = await openConsole(stack, inject("stack").dir);
  page = await openPage(place.browser, place.url, { movesClock: true });
  await signInAsOperator();
}, 180_000);
afterAll(async () => {
  await place?.close();
  await sql?.end();
  await stack?.stop();
});

/** An analysed recording whose remarks are queued for a voice that speaks their language, or does not. */
async function queueRemarks(count: number, speaks: boolean): Promise<number> {
  const userId = crypto.randomUUID();
  await sql`
    insert into auth.users (id, email) values (${userId}, ${`${userId}@sideline.test`})`;
  const [recording] = await sql`
    insert into public.video_recordings (user_id, filename, storage_path, upload_status)
    values (${userId}, 'clip.mp4', ${`${userId}/clip.mp4`}, 'completed') returning id`;
  const [job] = await sql`
    with task as (delete from pipeline.tasks where stage = 'analysis')
    update public.analysis_jobs
    set status = 'completed', coach = coach || ${sql.json({ speaks })}
    where video_recording_id = ${recording?.id} returning id`;
  await sql`
    insert into public.analysis_feedback
      (analysis_job_id, user_id, start_seconds, end_seconds, category, severity, confidence, message)
    select ${job?.id}, ${userId}, 1, 2, 'motion', 'low', 0.5, 'Keep going, number ' || i || '.'
    from generate_series(1, ${count}::int) as i`;
  return Number(job?.id);
}

/** How many reads of the queue the page has made. */
function countReads(): { count: number } {
  const reads = { count: 0 };
  page.on("request", (request) => {
    if (request.url().includes("/operator_stages")) reads.count += 1;
  });
  return reads;
}

const card = (stage: string) =>
  page
    .getByRole("list", { name: "Stages" })
    .getByRole("listitem")
    .filter({
      has: page.getByRole("heading", { name: stage, exact: true }),
    });

async function signInAsOperator(): Promise<void> {
  const email = await signUp(page);
  await page.goto(`${place.url}#/operator`);
  await page.getByText("Only operators see this page.").waitFor();
  expect(await page.getByRole("link", { name: "Operations" }).count()).toBe(0);

  const [user] = await sql`select id from auth.users where email = ${email}`;
  const { error } = await createServiceClient(stack).auth.admin.updateUserById(user?.id, {
    app_metadata: { role: "operator" },
  });
  expect(error).toBeNull();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByLabel("Email").waitFor();
  // Until here reads were refused, again and again; those under way end with the document.
  await page.reload();
  page.faults.length = 0;
  await page.getByLabel("Email").fill(email);
  await page.getByLabel("Password").fill("a-long-password");
  await page.getByRole("button", { name: "Sign in", exact: true }).click();
  await page.getByRole("heading", { name: "Operations" }).waitFor();
}

test("an operator sees the load, pauses a stage, and retries what failed", async () => {
  // Paused, work piles up; resumed, it is done.
  await page.getByRole("button", { name: "Pause audio" }).click();
  await card("audio").getByText("Paused").waitFor();
  await queueRemarks(remarks, true);
  const unspoken = await queueRemarks(unspeakable, false);
  const group = page.getByRole("button", { name: /^language_not_spoken/ });
  await group.waitFor({ timeout: 60_000 });
  const ready = card("audio").getByText(/^ready, oldest for/);
  await ready.waitFor({ timeout: 60_000 });
  const serious = await inspect(page, "operator-load");
  await page.getByRole("button", { name: "Resume audio" }).click();

  // While it works the page answers.
  const reads = countReads();
  const longest = await page.evaluateHandle(() => {
    const seen = { task: 0 };
    const observer = new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.task = Math.max(seen.task, duration);
    });
    observer.observe({ type: "longtask" });
    return seen;
  });
  await expect.poll(() => reads.count).toBeGreaterThan(0);

  // A filter leaves what it says, and no more is retried.
  const [failed] = await sql`
    select f.id, j.video_recording_id, u.email from public.analysis_feedback as f
    join public.analysis_jobs as j on j.id = f.analysis_job_id
    join auth.users as u on u.id = f.user_id
    where j.id = ${unspoken} limit 1`;
  await page.getByLabel("Owner, by email or id").fill("nobody@sideline.test");
  await page.getByText("Nothing that failed is like this.").waitFor();
  await page.getByLabel("Owner, by email or id").fill(failed?.email);
  await page.getByLabel("Words of the message").fill("NO SUCH WORDS");
  await page.getByText("Nothing that failed is like this.").waitFor();
  await page.getByLabel("Words of the message").fill("speaks");
  await group.waitFor();

  // By the number of a recording one comes to all that came of it.
  await page.getByLabel("Number of an item or a recording").fill(`${failed?.video_recording_id}`);
  await page.keyboard.press("Enter");
  await page
    .getByRole("link", { name: `ssml ${failed?.id}`, exact: true })
    .first()
    .click();
  await page.getByText("ssml, attempt 1").waitFor();
  await page.getByRole("link", { name: "Operations" }).first().click();

  // Each attempt of an item is there, and one or all are retried.
  await group.click();
  await page
    .getByRole("link", { name: /^ssml \d+$/ })
    .first()
    .click();
  await page.getByText("ssml, attempt 1").waitFor();
  serious.push(...(await inspect(page, "operator-item")));
  await sql`
    update public.analysis_jobs set coach = coach || '{"speaks": true}'
    where id = ${unspoken}`;
  await page.getByRole("button", { name: "Retry", exact: true }).click();
  await page.getByText("ssml, attempt 1").nth(1).waitFor({ timeout: 60_000 });
  await page.getByRole("link", { name: "Operations" }).first().click();
  await page.getByRole("button", { name: `Retry all ${unspeakable - 1}` }).click();
  await page.getByText("Nothing has failed.").waitFor({ timeout: 60_000 });
  await expect
    .poll(() => sql`select from pipeline.tasks where stage in ('ssml', 'audio')`, {
      timeout: 180_000,
      interval: 1_000,
    })
    .toHaveLength(0);
  const { task } = await longest.jsonValue();
  console.info(
    `Under load the operator's page read ${reads.count} times; its longest task took ${Math.round(task)} ms.`,
  );
  await card("audio").getByText("nobody waits").waitFor();
  expect(await sql`select count(*)::int as spoken from public.analysis_audio_segments`).toEqual([
    { spoken: remarks + unspeakable },
  ]);

  // Nothing is broken, and what was done is known.
  await page.getByRole("button", { name: "Look now" }).click();
  await page.getByText("None. Queue and items agree.").waitFor();
  serious.push(...(await inspect(page, "operator")));
  const log = await sql`
    select action, split_part(subject, ' ', 1) as stage, details -> 'count' as count
    from pipeline.audit_log where actor = 'operator' order by id`;
  expect(log).toEqual([
    { action: "stage_changed", stage: "audio", count: null },
    { action: "stage_changed", stage: "audio", count: null },
    { action: "retried", stage: "ssml", count: null },
    { action: "retried_all", stage: "ssml", count: unspeakable - 1 },
  ]);
  expect(serious).toEqual([]);
  expect(page.faults).toEqual([]);
}, 400_000);

test("the page reads only while it is seen; quotas are set by hand", async () => {
  const reads = countReads();
  const show = (state: "hidden" | "visible") =>
    page.evaluate((now) => {
      Object.defineProperty(document, "hidden", { value: now === "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    }, state);
  // Of what is under way nothing is left when a read of the test's own has come back.
  const settle = () => page.evaluate(async () => (await fetch("config.json")).text());
  await expect.poll(() => reads.count).toBeGreaterThan(0);
  await show("hidden");
  await page.waitForLoadState("networkidle");
  const before = reads.count;
  await page.clock.runFor(60_000);
  await settle();
  expect(reads.count).toBe(before);
  // Its clock stands still, so that the next read by the clock cannot come before this is seen.
  await page.clock.pauseAt((await page.evaluate(() => Date.now())) + 60_000);
  await show("visible");
  await expect.poll(() => reads.count).toBe(before + 1);
  await page.clock.resume();

  const [owner] = await sql`select email, id from auth.users order by created_at, id limit 1`;
  await page.getByLabel("Find a user").fill(owner?.email);
  await page.keyboard.press("Enter");
  const quota = page.getByLabel(`Daily attempts of ${owner?.email} in analysis`);
  await quota.fill("7");
  await page.keyboard.press("Enter");
  await page.getByText("analysis: 0 of 7 (own quota)").waitFor();
  expect(await sql`select daily_attempts from pipeline.user_quotas`).toEqual([
    { daily_attempts: 7 },
  ]);
  await page.getByRole("button", { name: "As everybody" }).click();
  await page.getByText("analysis: 0 of 100").waitFor();
  expect(page.faults).toEqual([]);
}, 120_000);
