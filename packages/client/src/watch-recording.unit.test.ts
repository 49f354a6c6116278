import { seededRandom } from "@sideline/proving-ground/testing";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { RecordingState } from "./recording-state.ts";
import { createTestDatabase, type TestDatabase } from "./test-database.ts";
import { pace } from "./watch.ts";
import { startWatcher } from "./watch-recording.ts";

type Watcher = ReturnType<typeof startWatcher>;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

/** Fails as soon as a state shows something older than the state before it. */
function expectNoStepBack({ store }: Watcher): void {
  const newest = new Map<string, number>();
  let generation = 0;
  store.subscribe(({ job, feedback }) => {
    const rows = feedback.map(({ id, ssml }) => [`feedback ${id}`, ssml.attempts] as const);
    for (const [name, version] of [["job", job?.attempts ?? 0] as const, ...rows]) {
      expect(version, name).toBeGreaterThanOrEqual(newest.get(name) ?? 0);
      newest.set(name, version);
    }
    // Remarks are numbered as they are added, and replaced all at once.
    const latest = Math.max(0, ...feedback.map(({ id }) => id));
    expect(latest, "a remark that was replaced is back").toBeGreaterThanOrEqual(generation);
    generation = latest;
  });
}

function expectEqual({ store }: Watcher, database: TestDatabase): void {
  const { recording, job, feedback } = store.getState();
  expect({ recording, job, feedback }).toEqual(database.snapshot());
}

describe("whatever happens, in whatever order it is told", () => {
  test.each(Array.from({ length: 60 }, (_, seed) => seed))("seed %i", async (seed) => {
    const random = seededRandom(seed);
    const database = createTestDatabase(random.branch("database"));
    const watcher = startWatcher(1, database);
    expectNoStepBack(watcher);

    for (let round = 0; round < 4; round += 1) {
      for (let step = 0; step < 25; step += 1) {
        database.change();
        await pass(random.between(0, 120));
      }
      await pass(1_000);
      expectEqual(watcher, database);
      database.disconnect();
      database.failReads(random.chance(0.5));
      for (let step = 0; step < 10; step += 1) {
        database.change();
        await pass(random.between(0, 600));
      }
      database.failReads(false);
      database.reconnect();
      await pass(2_000);
      expectEqual(watcher, database);
    }
    expect(database.mostReads()).toBe(1);
    await watcher.stop();
  });
});

test("a change that nobody tells is found while something is under way", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  database.change("job");
  await pass(1_000);
  database.mute();
  database.change("replace");

  await pass(pace.sweepMs + 1_000);

  expectEqual(watcher, database);
  await watcher.stop();
});

test("without a subscription it asks, and no longer once it has one", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  await pass(1_000);
  database.disconnect();
  database.change("job");

  await pass(pace.pollMs + 500);

  expect(watcher.store.getState()).toMatchObject({ connection: "polling", job: { id: 3 } });
  database.reconnect();
  await pass(1_000);
  const before = database.readCount();
  await pass(pace.sweepMs - 1_500);
  expect(database.readCount()).toBe(before);
  await watcher.stop();
});

test("a burst of changes is one read", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  database.change("job");
  await pass(1_000);
  const before = database.readCount();

  for (let times = 0; times < 50; times += 1) database.change("add");
  await pass(1_000);

  expectEqual(watcher, database);
  // They are told over 300 ms, and a read takes up to 160.
  expect(database.readCount() - before).toBeLessThan(15);
  await watcher.stop();
});

test("a read that fails says so, and is tried again ever more slowly", async () => {
  const database = createTestDatabase(seededRandom(1));
  database.failReads(true);
  const watcher = startWatcher(1, database);

  await pass(60_000);
  expect(watcher.store.getState()).toMatchObject({ phase: "loading", readError: "fetch failed" });
  expect(database.readCount()).toBeLessThan(15);

  database.failReads(false);
  await pass(pace.longestRetryMs + 1_000);
  expect(watcher.store.getState()).toMatchObject({ phase: "ready", readError: null });
  await watcher.stop();
});

test("a read that hangs when the connection is back is begun anew", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  await pass(1_000);
  database.disconnect();
  database.hangReads(true);
  database.change("job");
  await pass(3_000);
  database.hangReads(false);

  database.reconnect();
  await pass(2_000);

  expectEqual(watcher, database);
  await watcher.stop();
});

test("a deleted recording is missing, and not asked for any more", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  await pass(1_000);

  database.change("delete");
  await pass(1_000);

  expect(watcher.store.getState()).toMatchObject({ phase: "missing", recording: null });
  const before = database.readCount();
  await pass(600_000);
  expect(database.readCount()).toBe(before);
  await watcher.stop();
});

test("a watcher that was stopped does nothing more", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  await pass(1_000);
  const seen: RecordingState[] = [];
  watcher.store.subscribe((state) => seen.push(state));
  const before = database.readCount();

  database.change("job");
  await watcher.stop();
  await pass(60_000);

  expect(seen).toEqual([]);
  expect(database.readCount()).toBe(before);
  expect(database.subscriptions()).toBe(0);
});

test("what did not change keeps its identity", async () => {
  const database = createTestDatabase(seededRandom(1));
  const watcher = startWatcher(1, database);
  database.change("job");
  database.change("add");
  database.change("add");
  await pass(1_000);
  const before = watcher.store.getState();

  database.change("job");
  await pass(1_000);

  const after = watcher.store.getState();
  expect(after.job).not.toBe(before.job);
  expect(after.feedback).toBe(before.feedback);
  expect(after.feedback).toHaveLength(2);
  await watcher.stop();
});
