/**
 * Tests only, a process of its own: a stage's worker that is killed when it has all that it was paid
 * for and is about to hand it in.
 */
import { stageSchema } from "@sideline/contracts";
import pg from "pg";
import { z } from "zod";
import { sleep } from "../../sleep.ts";
import { collectingLog } from "../collecting-log.ts";
import { sqlDatabase } from "../sql-database.ts";
import { stageWorker } from "../stage-worker.ts";

const env = z
  .object({
    STAGE: stageSchema,
    DATABASE_URL: z.string(),
    PROVIDER_URL: z.string(),
    STORAGE_URL: z.string(),
    SECRET_KEY: z.string(),
  })
  .parse(process.env);

const db = new pg.Client({ connectionString: env.DATABASE_URL });
await db.connect();
const { log, lines } = collectingLog();
const worker = stageWorker(env.STAGE, {
  client: sqlDatabase(db),
  log,
  provider: { apiKey: "the-key", baseUrl: env.PROVIDER_URL },
  storage: { url: env.STORAGE_URL, secretKey: env.SECRET_KEY },
  encoding: "LINEAR16",
  sleep,
  insteadOfCompleting() {
    process.kill(process.pid, "SIGKILL");
    throw new Error("This process should be dead.");
  },
});
await worker.run();
// It had nothing to hand in.
console.error(JSON.stringify(lines));
process.exit(1);
