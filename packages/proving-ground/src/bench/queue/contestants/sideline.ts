import type pg from "pg";
import { z } from "zod";
import { connect } from "../../connect.ts";
import type { Contestant, Form, Place, Running, Work } from "./contestant.ts";
import { words } from "./contestant.ts";
import { fillSideline, prepareSideline, unfinishedFeedback } from "./sideline-data.ts";

const claim = "select id, lease_token from pipeline.claim_ssml($1)";
const complete = "select id, outcome from pipeline.complete_ssml($1)";
const fail = "select pipeline.fail('ssml', $1, $2, 'internal_error', 'bench', false)";

const claimed = z.array(z.object({ id: z.coerce.number(), lease_token: z.string() }));
const outcomes = z.array(z.object({ id: z.coerce.number(), outcome: z.string() }));

/** As the Data API has it; statements are prepared once a connection. */
const role = "service_role";

/** Workers that call the functions of schema `pipeline` as Edge Functions do, but without HTTP. */
export const sideline: Contestant = {
  name: "Sideline",
  prepare: prepareSideline,
  async open(url, adminUrl) {
    return place(url, adminUrl);
  },
  forms(batch) {
    const forms: Form[] = [form("as it is", `claim_ssml(${batch}), complete_ssml`)];
    if (batch === 1) forms.push(form(bare, "claim_ssml(1), fail: nothing written but the status"));
    return forms;
  },
};

const bare = "bare";

function form(name: string, settings: string): Form {
  return { contestant: "Sideline", name, settings };
}

function place(url: string, adminUrl: string): Place {
  return {
    fill: (depth) => fillSideline(adminUrl, depth),
    unfinished: () => unfinishedFeedback(url),
    work: (chosen, work) => startWorkers(url, work, chosen.name === bare ? failOne : completeAll),
    async claimLatencies(count) {
      const client = await connect(url, role);
      try {
        const latencies: number[] = [];
        for (let n = 0; n < count; n++) {
          const began = performance.now();
          const items = await claimBatch(client, 1);
          latencies.push(performance.now() - began);
          await completeAll(client, items);
        }
        return latencies;
      } finally {
        await client.end();
      }
    },
  };
}

type Item = z.infer<typeof claimed>[number];
type Finish = (client: pg.Client, items: Item[]) => Promise<number[]>;

async function startWorkers(url: string, work: Work, finish: Finish): Promise<Running> {
  const clients = await Promise.all(
    Array.from({ length: work.connections }, () => connect(url, role)),
  );
  let stopping = false;
  const loops = clients.map(async (client) => {
    while (!stopping) {
      const items = await claimBatch(client, work.batch);
      if (items.length === 0) break;
      work.done(await finish(client, items));
    }
    await client.end();
  });
  const ended = Promise.all(loops);
  // Reported by stop(); until then nobody listens.
  ended.catch(() => {});
  return {
    async stop() {
      stopping = true;
      await ended;
    },
  };
}

async function claimBatch(client: pg.Client, batch: number): Promise<Item[]> {
  const { rows } = await client.query({ name: "claim", text: claim, values: [batch] });
  return claimed.parse(rows);
}

async function completeAll(client: pg.Client, items: Item[]): Promise<number[]> {
  const results = items.map((item) => ({
    ...item,
    provider: "bench",
    version: "1",
    segments: [{ segment_index: 0, ssml: words.ssml }],
  }));
  const values = [JSON.stringify(results)];
  const { rows } = await client.query({ name: "complete", text: complete, values });
  return outcomes.parse(rows).flatMap(({ id, outcome }) => (outcome === "completed" ? [id] : []));
}

/** The one public call that ends an item and writes nothing else. */
async function failOne(client: pg.Client, items: Item[]): Promise<number[]> {
  for (const { id, lease_token } of items) {
    await client.query({ name: "fail", text: fail, values: [id, lease_token] });
  }
  return items.map(({ id }) => id);
}
