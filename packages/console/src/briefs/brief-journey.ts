/** The part of a person's way through the console that is about briefs. */
import { createServiceClient } from "@sideline/proving-ground/testing";
import { expect, inject } from "vitest";
import { inspect, type OpenPage } from "../test/open-page.ts";

export const strongest = "The moments with the strongest movement";
const request = "First serve: the toss, skip the camera, for a twelve-year-old";

/**
 * A brief is drafted out of a sentence, changed in two places, gone back on, answered and chosen.
 * @returns its session, and what axe finds serious
 */
export async function workOutBrief(page: OpenPage): Promise<{ id: number; serious: string[] }> {
  await page.getByRole("link", { name: "Briefs" }).click();
  await page.getByText("No brief yet.").waitFor();
  const serious = await inspect(page, "briefs-empty");
  await page.getByLabel("Say in a sentence what to look for").fill(request);
  await page.getByRole("button", { name: "Draft it for me" }).click();
  await page.waitForURL(/#\/briefs\/\d+$/);
  const id = Number(/\d+$/.exec(page.url())?.[0]);
  // Told of while it is looked at, as everything below.
  await page.getByText("Drafted as revision 2.").waitFor();
  await page.getByText("offline-templates").waitFor();
  await expect
    .poll(() => page.getByLabel("Rule 1", { exact: true }).inputValue())
    .toBe("First serve: the toss");
  expect(await page.getByRole("button", { name: "Use for the next upload" }).isDisabled()).toBe(
    true,
  );
  serious.push(...(await inspect(page, "brief-drafted")));

  await typeInTwoPlaces(page, id);
  await page.getByRole("button", { name: "Go back to revision 2" }).click();
  await page.getByText("back to revision 2").waitFor();
  await expect.poll(() => page.getByLabel("Goal").inputValue()).toBe("First serve: the toss");

  await retryAndTakeDrafts(page, id);
  await answer(page, id);
  await page.getByLabel("Language", { exact: true }).first().selectOption("de");
  await page.getByText("liegt deshalb daneben").waitFor();
  await page.getByRole("heading", { name: "Fragen" }).waitFor();
  await page.getByRole("heading", { name: "Verlauf" }).waitFor();
  serious.push(...(await inspect(page, "brief-answered")));
  await page.getByRole("combobox", { name: "Sprache" }).first().selectOption("en");

  await page.getByRole("button", { name: "Use for the next upload" }).click();
  await page.getByLabel("What to look for").waitFor();
  return { id, serious };
}

/** What is typed here stays when somebody else writes a revision meanwhile. */
async function typeInTwoPlaces(page: OpenPage, id: number): Promise<void> {
  await page.getByLabel("Goal").fill("A higher toss");
  const { data: before } = await service().from("sessions").select().eq("id", id).single();
  const other = { user_id: before?.user_id ?? "", base_revision: before?.revision ?? 0 };
  const brief = { ...Object(before?.current_ir), audience: "her coach" };
  await service()
    .from("session_revisions")
    .insert({ session_id: id, ir: brief, ...other })
    .throwOnError();
  await page.getByText("This brief was changed elsewhere in the meantime.").waitFor();
  expect(await page.getByLabel("For whom").inputValue()).toBe("a twelve-year-old");
  await page.getByRole("button", { name: "Load the newer one" }).click();
  await expect.poll(() => page.getByLabel("For whom").inputValue()).toBe("her coach");
  expect(await page.getByLabel("Goal").inputValue()).toBe("A higher toss");
  await page.getByRole("button", { name: "Save the brief" }).click();
  await page.getByRole("heading", { name: "Revision 4" }).waitFor();
  const { data: after } = await service()
    .from("sessions")
    .select("current_ir")
    .eq("id", id)
    .single();
  expect(after?.current_ir).toMatchObject({ goal: "A higher toss", audience: "her coach" });
}

/** A draft that fails is retried; one that came too late for its revision is taken. */
async function retryAndTakeDrafts(page: OpenPage, id: number): Promise<void> {
  const reason = { error_code: "reply_invalid", last_error: "No brief." };
  await service()
    .from("session_drafts")
    .update({ status: "failed", ...reason })
    .eq("session_id", id)
    .throwOnError();
  await page.getByRole("alert").getByText("The draft came out unusable.").waitFor();
  await page.getByRole("alert").getByRole("button", { name: "Try again" }).click();
  await page.getByText("Drafted as revision 6.").waitFor();

  const { data } = await service().from("sessions").select().eq("id", id).single();
  const late = { status: "completed", outcome: "superseded", model: "late", request: "Later" };
  await service()
    .from("session_drafts")
    .insert({ session_id: id, user_id: data?.user_id ?? "", ir: data?.current_ir ?? {}, ...late })
    .throwOnError();
  await page.getByText("The brief was changed while this was drafted").waitFor();
  await page.getByRole("button", { name: "Take this draft" }).click();
  await page.getByRole("heading", { name: "Revision 7" }).waitFor();
}

/** A choice, a number, and what is suggested. */
async function answer(page: OpenPage, id: number): Promise<void> {
  await page.getByRole("button", { name: "intermediate" }).click();
  await page.getByText("A question has to be answered first.").waitFor({ state: "detached" });
  await page.getByRole("spinbutton", { name: "How many remarks" }).fill("3");
  await page.getByRole("button", { name: "Answer", exact: true }).click();
  await page.getByRole("button", { name: "Change the answer: How many" }).waitFor();
  await page.getByRole("button", { name: "Yes" }).click();
  await page.getByRole("button", { name: "Change the answer: Shall" }).waitFor();
  const { data } = await service()
    .from("hole_resolutions")
    .select("hole_id, value, method")
    .eq("session_id", id)
    .order("id");
  expect(data).toEqual([
    { hole_id: "level", value: "intermediate", method: "answered" },
    { hole_id: "most_remarks", value: 3, method: "answered" },
    { hole_id: "with_drills", value: true, method: "default" },
  ]);
}

/** Words, state and page after page. */
export async function findBriefs(page: OpenPage, id: number): Promise<string[]> {
  const { data } = await service().from("sessions").select("user_id").eq("id", id).single();
  const others = Array.from({ length: 21 }, (_, place) => ({
    user_id: data?.user_id ?? "",
    title: `Return ${place}`,
  }));
  await service().from("sessions").insert(others).throwOnError();
  await page.getByRole("link", { name: "All briefs" }).click();
  const lines = page.getByRole("main").getByRole("listitem");
  await expect.poll(() => lines.count()).toBe(20);
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => lines.count()).toBe(22);
  const serious = await inspect(page, "briefs");
  await page.getByLabel("State").selectOption("ready");
  await expect.poll(() => lines.count()).toBe(1);
  await page.getByLabel("About").fill("Movement");
  await page.getByLabel("Search briefs").fill("toss");
  await expect.poll(() => lines.allTextContents()).toEqual([expect.stringContaining(request)]);
  await page.getByLabel("Search briefs").fill("footwork");
  await page.getByText("No brief fits this.").waitFor();
  return serious;
}

function service() {
  return createServiceClient(inject("stack"));
}
