/**
 * `npm run bench:neighbours`: how long somebody's upload waits while one other owner makes trouble.
 * docs/benchmarks.md says what is measured and how.
 */
import { readFile, writeFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import type pg from "pg";
import { describeMachine } from "../queue/machine.ts";
import { type BenchServer, startBenchServer } from "../queue/server.ts";
import { spreadOf } from "../queue/spread.ts";
import { grouped, markdownOf, millis, replaceSection } from "../queue/table.ts";
import { bystander, people, type Scene, scenes } from "./scenes.ts";
import { connect, startWorkers } from "./workers.ts";

const help = `Measures a bystander's wait beside one owner who makes trouble. About 4 minutes.

npm run bench:neighbours -- [options]

  --uploads N       uploads of the bystander in each scene (default 15)
  --quick           small backlogs, two uploads: shows that all runs; its numbers say nothing
  --json            print one line of JSON at the end, with every measurement
  --markdown FILE   write the table into FILE, between its marks "bench:neighbours begins" and "… ends"
`;

const longestWaitMs = 60_000;

interface Waits {
  scene: string;
  /** Milliseconds from the complete upload; infinite where it was given up. */
  claimed: number[];
  completed: number[];
}

process.exitCode = await main();

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      uploads: { type: "string" },
      quick: { type: "boolean", default: false },
      json: { type: "boolean", default: false },
      markdown: { type: "string" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const uploads = Number(values.uploads ?? (values.quick ? 2 : 15));
  if (values.help || !Number.isInteger(uploads) || uploads < 1) {
    console.log(help);
    return values.help ? 0 : 2;
  }
  const machine = describeMachine();
  const server = await startBenchServer(console.error);
  const interrupt = () => void server.stop().then(() => process.exit(130));
  process.once("SIGINT", interrupt).once("SIGTERM", interrupt);
  try {
    const all: Waits[] = [];
    for (const [place, scene] of scenes.entries()) {
      const size = values.quick ? Math.min(scene.size, 1_000) : scene.size;
      all.push(await measure(server, `scene_${place}`, { ...scene, size }, uploads));
    }
    const text = textOf(machine, all);
    console.log(values.json ? JSON.stringify({ machine, uploads, waits: all }) : text);
    if (values.markdown !== undefined) {
      const document = await readFile(values.markdown, "utf8");
      await writeFile(values.markdown, replaceSection(document, "bench:neighbours", text));
    }
    return all.every(({ completed }) => completed.every(Number.isFinite)) ? 0 : 1;
  } finally {
    await server.stop();
  }
}

async function measure(
  server: BenchServer,
  database: string,
  scene: Scene,
  uploads: number,
): Promise<Waits> {
  const name = scene.size > 0 ? `${grouped(scene.size)} ${scene.name}` : scene.name;
  console.error(`Beside ${name}`);
  const url = await server.create(database, server.migrated);
  const admin = await connect(server.adminUrlOf(database));
  await admin.query(people);
  await admin.query("set session_replication_role = replica");
  await scene.load?.(admin, scene.size);
  await admin.query("reset session_replication_role");
  await admin.query("vacuum (analyze)");

  const waits: Waits = { scene: name, claimed: [], completed: [] };
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

function textOf(machine: ReturnType<typeof describeMachine>, all: Waits[]): string {
  const quiet = all[0];
  const cells = (of: (waits: Waits) => number[], waits: Waits) => {
    const { median, min, max } = spreadOf(of(waits));
    const base = quiet === undefined ? Number.NaN : spreadOf(of(quiet)).median;
    return [millis(median), `${millis(min)} – ${millis(max)}`, (median / base).toFixed(2)];
  };
  const table = markdownOf({
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
  });
  return `- ${machine.date}; load of the machine before: ${machine.loadBefore.toFixed(2)}
- ${machine.cores} cores (${machine.cpu}), ${machine.memoryGiB} GiB, ${machine.kernel}, Node ${machine.node}\n\n${table}`;
}
