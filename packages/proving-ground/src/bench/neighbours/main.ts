/**
 * `npm run bench:neighbours`: how long somebody's upload waits while one other owner makes trouble.
 * docs/benchmarks.md says what is measured and how.
 */

import type pg from "pg";
import { connect } from "../connect.ts";
import { benchProgram } from "../program.ts";
import { type BenchServer, startBenchServer } from "../queue/server.ts";
import { spreadOf } from "../spread.ts";
import { grouped, millis, type Table } from "../table.ts";
import { bystander, people, type Scene, scenes } from "./scenes.ts";
import { startWorkers } from "./workers.ts";

const longestWaitMs = 60_000;

interface Waits {
  scene: string;
  /** Milliseconds from the complete upload; infinite where it was given up. */
  claimed: number[];
  completed: number[];
}

await benchProgram({
  name: "bench:neighbours",
  about: "Measures a bystander's wait beside one owner who makes trouble. About 4 minutes.",
  numbers: {
    uploads: { value: 15, about: "uploads of the bystander in each scene" },
    backlog: { value: 400_000, about: "rows of the other owner at most; few show that all runs" },
  },
  async measure({ say, track }, { uploads, backlog }) {
    const server = await startBenchServer(true, say, track);
    try {
      const all: Waits[] = [];
      for (const [place, scene] of scenes.entries()) {
        const size = Math.min(scene.size, backlog);
        say(`Beside ${nameOf({ ...scene, size })}`);
        all.push(await measure(server, `scene_${place}`, { ...scene, size }, uploads));
      }
      const late = all.flatMap(({ completed }) => completed.filter((ms) => !Number.isFinite(ms)));
      const data = { uploads, waits: all };
      return { conditions: [], tables: [tableOf(all)], data, faults: late.length };
    } finally {
      await server.stop();
    }
  },
});

function nameOf({ name, size }: Scene): string {
  return size > 0 ? `${grouped(size)} ${name}` : name;
}

async function measure(
  server: BenchServer,
  database: string,
  scene: Scene,
  uploads: number,
): Promise<Waits> {
  const url = await server.create(database, server.migrated);
  const admin = await connect(server.adminUrlOf(database));
  await admin.query(people);
  await admin.query("set session_replication_role = replica");
  await scene.load?.(admin, scene.size);
  await admin.query("reset session_replication_role");
  await admin.query("vacuum (analyze)");

  const waits: Waits = { scene: nameOf(scene), claimed: [], completed: [] };
  let uploaded = 0;
  let isDone = () => {};
  const stop = await startWorkers(server.adminUrlOf(database), url, {
    fateOf: scene.fateOf,
    claimed({ stage, user_id }) {
      if (stage !== "analysis" || user_id !== bystander) return;
      // Not when it is claimed again after its worker vanished.
      if (waits.claimed.length > waits.completed.length) return;
      waits.claimed.push(performance.now() - uploaded);
    },
    completed({ stage, user_id }) {
      if (stage === "audio" && user_id === bystander) isDone();
    },
  });
  // The first finds cold plans and is not counted.
  for (let n = 0; n <= uploads; n++) {
    await scene.stir?.(admin);
    const { promise, resolve } = Promise.withResolvers<void>();
    isDone = resolve;
    await upload(admin, `${bystander}/${n}.mp4`);
    uploaded = performance.now();
    const late = new Promise<"late">((give) => setTimeout(give, longestWaitMs, "late").unref());
    const isLate = (await Promise.race([promise, late])) === "late";
    waits.completed.push(isLate ? Number.POSITIVE_INFINITY : performance.now() - uploaded);
    // Somewhere in cron's second.
    await new Promise((resume) => setTimeout(resume, 300 + ((n * 370) % 1_000)));
  }
  await stop();
  await admin.end();
  await server.drop(database);
  return { ...waits, claimed: waits.claimed.slice(1), completed: waits.completed.slice(1) };
}

/** Nobody says that it is complete: the database has to notice. */
async function upload(admin: pg.Client, path: string): Promise<void> {
  await admin.query(
    `insert into public.video_recordings (user_id, filename, storage_path) values ($1, 'clip.mp4', $2)`,
    [bystander, path],
  );
  await admin.query("insert into storage.objects (bucket_id, name) values ('raw', $1)", [path]);
}

function tableOf(all: Waits[]): Table {
  const quiet = all[0];
  const cells = (of: (waits: Waits) => number[], waits: Waits) => {
    const { median, min, max } = spreadOf(of(waits));
    const base = quiet === undefined ? Number.NaN : spreadOf(of(quiet)).median;
    return [millis(median), `${millis(min)} – ${millis(max)}`, (median / base).toFixed(2)];
  };
  return {
    title: "From a complete upload of a bystander, milliseconds",
    columns: [
      "beside one owner's",
      "claimed",
      "min – max",
      "ratio",
      "spoken",
      "min – max",
      "ratio",
    ],
    rows: all.map((waits) => [
      waits.scene,
      ...cells(({ claimed }) => claimed, waits),
      ...cells(({ completed }) => completed, waits),
    ]),
    notes: ["Medians. Leases of 3 s; work takes no time; the upload is noticed by the database."],
  };
}
