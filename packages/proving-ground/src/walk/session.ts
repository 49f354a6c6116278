/** One connection in one long transaction: performs operations and goes back to savepoints. */
import postgres from "postgres";
import { z } from "zod";
import { recordingNamed } from "./apply.ts";
import type { Facts } from "./facts.ts";
import type { ModelState, World } from "./model.ts";
import type { Operation } from "./operations.ts";
import { type Footing, noFooting, readRows, startOfTime, walkFunctions } from "./rows.ts";
import { type Caller, statementOf } from "./statement.ts";
import { userId } from "./users.ts";

/** What really happened. */
export interface Performed {
  answer: string;
  facts: Facts;
  footing: Footing;
}

export interface Session {
  /** Of the beginning. */
  footing: Footing;
  /** The share of a backoff that `random()` adds, the same at every step. */
  random: number;
  /**
   * Performs an operation.
   * @param request.from the model's state before it
   * @param request.clock microseconds since the start of time
   * @param request.savepoint go back to this first
   */
  perform(request: {
    world: World;
    from: ModelState;
    operation: Operation;
    footing: Footing;
    clock: number;
    savepoint?: string;
  }): Promise<Performed>;
  /** As superuser. */
  run(text: string): Promise<void>;
  /** Undoes everything since the session was opened. */
  startAgain(): Promise<void>;
  /** Rows of `pipeline.violations`, as text. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

export interface SessionOptions {
  /** As superuser: the session takes the role of whoever calls. */
  adminUrl: string;
  settings: World["settings"];
  owners: readonly string[];
}

const seed = 0.25;

/** Thousands of savepoints within each other would be slow. */
const nextSavepoint = "release savepoint step; set local role none; savepoint step";

export async function openSession({
  adminUrl,
  settings,
  owners,
}: SessionOptions): Promise<Session> {
  const sql = postgres(adminUrl, { max: 1, onnotice: () => {} });
  const rowsOf = async (text: string): Promise<unknown[]> => {
    const results: unknown = await sql.unsafe(text).simple();
    return Array.isArray(results) ? results : [];
  };
  await rowsOf(
    `begin; ${walkFunctions} ${setUp(settings, owners)} savepoint origin; savepoint step`,
  );
  const [random] = z
    .tuple([z.object({ random: z.number() })])
    .parse((await rowsOf(`select setseed(${seed}); select random() as random`))[1]);

  return {
    footing: noFooting,
    random: random.random,
    async run(text) {
      await rowsOf(`set local role none; ${text}`);
    },
    async startAgain() {
      await rowsOf("rollback to savepoint origin; savepoint step");
    },
    async perform({ world, from, operation, footing, clock, savepoint }) {
      const { caller, text } = statementOf(
        world,
        operation,
        footing,
        (name) => recordingNamed(from, name).owner,
      );
      const back = savepoint ? `rollback to savepoint ${savepoint}` : nextSavepoint;
      const look = "select walk.rows() as rows";
      let answered: unknown[] = [];
      let refusal = "";
      let results: unknown[];
      try {
        results = await rowsOf(`${back}; ${stage(from, clock, caller)}; ${text}; ${look}`);
        answered = z.array(z.unknown()).parse(results.at(-2));
      } catch (error) {
        if (!(error instanceof postgres.PostgresError)) throw error;
        refusal = `error ${error.code}`;
        results = await rowsOf(`rollback to savepoint ${savepoint ?? "step"}; ${look}`);
      }
      const [{ rows }] = z.tuple([z.object({ rows: z.string() })]).parse(results.at(-1));
      const after = answerOf(operation, answered, footing);
      return { ...readRows(rows, after.footing), answer: refusal || after.answer };
    },
    async violations() {
      await rowsOf("set local role none");
      const rows = await sql<{ text: string }[]>`select text from walk.violations() as text`;
      return rows.map(({ text }) => text);
    },
    async close() {
      await sql.end({ timeout: 1 });
    },
  };
}

const claimed = z.array(
  z.object({
    id: z.coerce.number(),
    attempt: z.number(),
    lease_token: z.string(),
    alone: z.boolean(),
    until: z.string(),
  }),
);
const answers = z.array(z.object({ answer: z.string().optional() }));

/** The answer with names for ids; tokens that it brought are kept. */
function answerOf(operation: Operation, rows: unknown[], before: Footing) {
  if (operation.does !== "claim") {
    const answer = answers.parse(rows)[0]?.answer ?? "";
    return { answer, footing: before };
  }
  const { stage, worker } = operation;
  const names = new Map([...before.ids].map(([name, id]) => [`${name.split(" ")[0]} ${id}`, name]));
  const tokens = new Map(before.tokens);
  const items = claimed.parse(rows).map(({ id, attempt, lease_token, alone, until }) => {
    const name = names.get(`${stage} ${id}`) ?? `unknown ${stage} ${id}`;
    tokens.set(`${worker} ${name}`, lease_token);
    return `${name} #${attempt}${alone ? " alone" : ""} until ${until}`;
  });
  return { answer: items.join(", "), footing: { ...before, tokens } };
}

function setUp(settings: World["settings"], owners: readonly string[]): string {
  const users = [...owners, "stranger"].map((name) => `('${userId(name)}', '${name}@walk.test')`);
  return `insert into auth.users (id, email) values ${users.join(", ")};
    update pipeline.stages set max_attempts = ${settings.maxAttempts},
      max_losses = ${settings.maxLosses}, lease_seconds = ${settings.leaseSeconds},
      max_concurrency = ${settings.maxConcurrency},
      max_concurrency_per_user = ${settings.maxConcurrencyPerUser},
      daily_attempts_per_user = ${settings.dailyAttempts},
      max_retries = ${settings.maxRetries},
      backoff_base_seconds = ${settings.backoffBaseSeconds},
      backoff_cap_seconds = ${settings.backoffCapSeconds},
      max_deferred_seconds = ${settings.maxDeferredSeconds}
    where stage <> 'upload';
    update pipeline.provider_limits set failure_threshold = ${settings.failureThreshold},
      open_seconds = ${settings.openSeconds},
      longest_open_seconds = ${settings.longestOpenSeconds},
      longest_pause_seconds = ${settings.longestPauseSeconds};`;
}

/**
 * The hour, the dice and the caller, in one statement, for it stands before every step. Going back
 * to a savepoint leaves sequences as they are, so they are set as well.
 * @param clock microseconds since the start of time
 */
function stage({ queues }: ModelState, clock: number, caller: Caller): string {
  const time = `(timestamptz '${startOfTime}' + interval '${clock} microseconds')::text`;
  const served = Object.entries(queues).map(
    ([name, queue]) => `setval('pipeline.${name}_served_turn', ${queue.served})`,
  );
  const isUser = typeof caller === "object";
  const claims = isUser ? JSON.stringify({ sub: userId(caller.user), role: "authenticated" }) : "";
  const role = isUser ? "authenticated" : caller === "platform" ? "none" : caller;
  return `select setseed(${seed}), ${served}, set_config('pipeline.now', ${time}, true),
    set_config('request.jwt.claims', '${claims}', true), set_config('role', '${role}', true)`;
}
