/** What every store of sessions does: in the database, and in memory. */
import { type Brief, emptyBrief, type SessionStore } from "@sideline/contracts";
import { createServiceClient, createUser } from "@sideline/proving-ground/testing";
import { beforeEach, describe, expect, inject, test } from "vitest";
import { createSideline } from "../sideline.ts";
import { MemorySessionStore } from "./memory-session-store.ts";
import { SupabaseSessionStore } from "./supabase-session-store.ts";

const stack = inject("stack");
const stores: [string, () => Promise<SessionStore>][] = [
  ["in the database", async () => new SupabaseSessionStore((await createUser(stack)).client)],
  ["in memory", async () => new MemorySessionStore()],
];

const brief: Brief = {
  ...emptyBrief,
  rules: [{ id: "toss", look_for: "How high the toss is", category: "toss" }],
  holes: [
    {
      ...{ id: "hand", type: "choice", question: "Which hand?", options: ["left", "right"] },
      ...{ unit: null, required: true, default: "right", answer: null },
    },
  ],
};
const higher = { ...brief, goal: "Higher", skip: ["footwork"] };

describe.each(stores)("sessions %s", (_name, open) => {
  let store: SessionStore;
  beforeEach(async () => {
    store = await open();
  });

  test("are made, read, changed and deleted", async () => {
    const { id } = await store.create({ title: "Serve", request: "The toss", brief });

    const made = { title: "Serve", request: "The toss", status: "open", brief, revision: 1 };
    expect(await store.get(id)).toMatchObject({ id, ...made, revisionCount: 1, draftCount: 0 });
    expect(await store.update(id, { title: "A serve", status: "archived" })).toMatchObject({
      title: "A serve",
      status: "archived",
    });
    expect((await store.update(id, { status: "open" })).status).toBe("open");
    await store.delete(id);
    await expect(store.get(id)).rejects.toMatchObject({ code: "not_found" });
    await expect(store.delete(id)).rejects.toMatchObject({ code: "not_found" });
    await expect(store.history(id)).rejects.toMatchObject({ code: "not_found" });
  });

  test("keep every revision with what changed, and go back", async () => {
    const { id } = await store.create({ brief });
    const edited = await store.saveRevision(id, { base: 1, brief: higher, note: "Try it" });
    expect(edited).toMatchObject({ revision: 2, revisionCount: 2, brief: higher });

    const back = await store.revert(id, { base: 2, revision: 1 });
    expect(back).toMatchObject({ revision: 3, brief });
    const { revisions } = await store.history(id);
    expect(revisions.map(({ cause, revertedTo }) => [cause, revertedTo])).toEqual([
      ["reverted", 1],
      ["edited", null],
      ["created", null],
    ]);
    expect(revisions[1]).toMatchObject({
      note: "Try it",
      brief: higher,
      diff: [
        { path: "/goal", before: "", after: "Higher" },
        { path: "/skip/footwork", before: null, after: true },
      ],
    });
    await expect(store.revert(id, { base: 3, revision: 9 })).rejects.toMatchObject({
      code: "not_found",
    });
  });

  test("tell whoever comes second", async () => {
    const { id } = await store.create({ brief });
    const outcomes = await Promise.allSettled([
      store.saveRevision(id, { base: 1, brief: higher }),
      store.saveResolution(id, { base: 1, holeId: "hand", value: "left" }),
    ]);

    expect(outcomes.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    const refused = outcomes.find((outcome) => outcome.status === "rejected");
    expect(refused?.reason).toMatchObject({ name: "SidelineError", code: "stale_revision" });
    expect((await store.get(id)).revision).toBe(2);
    await expect(store.revert(id, { base: 1, revision: 1 })).rejects.toMatchObject({
      code: "stale_revision",
    });
  });

  test("are ready when what they need is answered", async () => {
    const { id } = await store.create({ brief });
    const invalid = { code: "invalid_request" };
    // Who answered, and how, is kept: an edit does not say it.
    const holes = brief.holes.map((hole) => ({ ...hole, answer: "left" }));
    await expect(
      store.saveRevision(id, { base: 1, brief: { ...brief, holes } }),
    ).rejects.toMatchObject(invalid);
    await expect(
      store.saveResolution(id, { base: 1, holeId: "hand", value: "both" }),
    ).rejects.toMatchObject(invalid);
    await expect(store.saveResolution(id, { base: 1, holeId: "foot" })).rejects.toMatchObject({
      code: "not_found",
    });

    const suggested = await store.saveResolution(id, { base: 1, holeId: "hand" });
    expect(suggested).toMatchObject({ status: "ready", revision: 2, holeCount: 1 });
    await store.saveResolution(id, { base: 2, holeId: "hand", value: "left" });

    const { resolutions } = await store.history(id);
    expect(resolutions).toMatchObject([
      { holeId: "hand", type: "choice", value: "left", method: "answered", revision: 3 },
      { question: "Which hand?", value: "right", method: "default", revision: 2 },
    ]);
    expect(resolutions[0]?.resolvedBy).not.toBe(null);
    // As with a draft that comes late: what was once answered may come back.
    const late = brief.holes.map((hole) => ({ ...hole, answer: "right" }));
    await store.saveRevision(id, { base: 3, brief: { ...brief, holes: late } });
  });

  test("refuse a brief with a fault in a sentence", async () => {
    const { id } = await store.create({ brief });
    const twice = { ...brief, rules: [...brief.rules, ...brief.rules] };

    const refused = expect.objectContaining({ code: "invalid_request" });
    await expect(store.saveRevision(id, { base: 1, brief: twice })).rejects.toEqual(refused);
    await expect(store.create({ brief: twice })).rejects.toEqual(refused);
    expect((await store.get(id)).revision).toBe(1);
  });

  test("ask for drafts", async () => {
    const { id } = await store.create({ request: "The toss" });
    const draft = await store.saveDraft(id);

    expect(draft).toMatchObject({ request: "The toss", brief: null, outcome: null });
    expect((await store.history(id)).drafts).toMatchObject([{ id: draft.id }]);
    const silent = await store.create({});
    await expect(store.saveDraft(silent.id)).rejects.toMatchObject({ code: "invalid_request" });
  });

  test("are listed latest first, by pages and filters", async () => {
    const ids: number[] = [];
    for (const place of [0, 1, 2, 3, 4]) {
      const { id } = await store.create({
        title: `Number ${place}`,
        ...(place % 2 === 0 ? { brief } : { brief: { ...emptyBrief, skip: ["footwork"] } }),
      });
      ids.unshift(id);
    }
    const first = await store.list({ limit: 2 });
    const second = await store.list({ limit: 2, after: first.next ?? "" });
    const third = await store.list({ limit: 2, after: second.next ?? "" });
    const seen = [first, second, third].flatMap(({ sessions }) => sessions.map(({ id }) => id));
    expect(seen).toEqual(ids);
    expect(third.next).toBe(null);

    const found = async (filter: Parameters<SessionStore["list"]>[0]) =>
      (await store.list(filter)).sessions.map(({ title }) => title);
    expect(await found({ status: "ready" })).toEqual(["Number 3", "Number 1"]);
    expect(await found({ category: "toss" })).toEqual(["Number 4", "Number 2", "Number 0"]);
    expect(await found({ words: "number 2" })).toEqual(["Number 2"]);
    expect(await found({ words: "toss high" })).toHaveLength(3);
    expect(await found({ words: "toss", status: "ready" })).toEqual([]);
  });
});

test("nobody reads or writes another's session", async () => {
  const [owner, stranger] = await Promise.all(
    ["owner", "stranger"].map(async (name) => {
      return new SupabaseSessionStore((await createUser(stack, name)).client);
    }),
  );
  if (!owner || !stranger) throw new Error("There are two.");
  const { id } = await owner.create({ request: "Mine" });

  const notFound = { code: "not_found" };
  await expect(stranger.get(id)).rejects.toMatchObject(notFound);
  await expect(stranger.saveDraft(id)).rejects.toMatchObject(notFound);
  await expect(stranger.saveRevision(id, { base: 1, brief })).rejects.toMatchObject(notFound);
  await expect(stranger.delete(id)).rejects.toMatchObject(notFound);
  expect((await stranger.list()).sessions).toEqual([]);
});

test("a session is followed while it is drafted and changed", async () => {
  const sideline = createSideline((await createUser(stack)).client);
  const { id } = await sideline.sessions.create({ request: "The toss, for a beginner" });
  const { store, hold } = sideline.session(id);
  const letGo = hold();
  await expect.poll(() => store.getState().connection).toBe("live");

  await sideline.sessions.saveDraft(id);
  await expect.poll(() => store.getState().drafts[0]?.outcome).toBe("applied");
  await expect.poll(() => store.getState().session).toMatchObject({ revision: 2, status: "ready" });
  expect(store.getState().revisions[0]?.cause).toBe("drafted");

  // Nothing is under way: only because it is told of does it read.
  await sideline.sessions.update(id, { title: "Serve" });
  await expect.poll(() => store.getState().session?.title).toBe("Serve");
  // A step of a draft leaves its session as it is.
  await createServiceClient(stack)
    .from("session_drafts")
    .update({ status: "failed", error_code: "reply_invalid" })
    .eq("session_id", id)
    .throwOnError();
  await expect.poll(() => store.getState().drafts[0]?.status).toBe("failed");
  await letGo();

  await sideline.sessions.delete(id);
  const gone = sideline.session(id);
  const letGoOfIt = gone.hold();
  await expect.poll(() => gone.store.getState().phase).toBe("missing");
  await letGoOfIt();
});
