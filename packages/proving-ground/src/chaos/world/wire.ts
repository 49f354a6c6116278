/**
 * The wire between the functions and the API: everything that a function asks of Supabase passes
 * here. Injectors may hold a call up, cut it, or lose its answer; the ledger listens.
 */
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdaptorServer } from "@hono/node-server";
import { type Stage, stageSchema } from "@sideline/contracts";
import { ConnectionLost, forward } from "@sideline/local-stack/parts";
import { z } from "zod";

const ofStage = ["claim", "complete"] as const;
const ofAnyStage = ["fail", "defer", "send_back", "extend", "release"] as const;
export type Verb = (typeof ofStage)[number] | (typeof ofAnyStage)[number];

/** A worker's call of the state machine: `pipeline.claim_<stage>(…)`, `pipeline.fail(stage, …)`. */
export interface PipelineCall {
  verb: Verb;
  stage: Stage;
  /** Arguments and answer, JSON. */
  body: string;
}

/** May wait before or after `proceed`, which sends the call on, or never call it. */
export type PipelineRule = (
  call: PipelineCall,
  proceed: () => Promise<Answer>,
) => Promise<Answer | "cut">;

export interface Answer {
  status: number;
  body: string;
  headers: Headers;
}

export interface Wire {
  url: string;
  /** Where calls go; known only once the stack has started. */
  connect(apiUrl: string): void;
  /** The last rule to be added meets a call first. */
  addRule(rule: PipelineRule): void;
  /** While true, functions cannot wake each other. */
  losePings: boolean;
  lostPings: number;
  /** Calls that have not been answered yet. */
  open: number;
  close(): Promise<void>;
}

/** Longer than any function lives. */
const patienceMs = 170_000;

export async function openWire(): Promise<Wire> {
  const rules: PipelineRule[] = [];
  let port = 0;
  const server = createAdaptorServer({
    fetch: (request) => serve(request),
    overrideGlobalObjects: false,
  }) as Server;
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const { port: own } = server.address() as AddressInfo;

  const wire: Wire = {
    url: `http://127.0.0.1:${own}`,
    connect(apiUrl) {
      port = Number(new URL(apiUrl).port);
    },
    addRule: (rule) => rules.unshift(rule),
    losePings: false,
    lostPings: 0,
    open: 0,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };

  async function serve(request: Request): Promise<Response> {
    const { pathname } = new URL(request.url);
    wire.open += 1;
    try {
      if (pathname.startsWith("/functions/v1/") && wire.losePings) {
        wire.lostPings += 1;
        return gone();
      }
      const call = await pipelineCallOf(request, pathname);
      if (call !== null) return await passCall(request, call);
      return await forward(request, port, AbortSignal.any([request.signal, patience()]));
    } catch (error) {
      if (error instanceof ConnectionLost || request.signal.aborted) return gone();
      throw error;
    } finally {
      wire.open -= 1;
    }
  }

  async function passCall(request: Request, call: PipelineCall): Promise<Response> {
    const { url, method, headers } = request;
    const send = async (): Promise<Answer> => {
      // Not tied to the caller: what was sent goes on although who sent it has died.
      const response = await forward(
        new Request(url, { method, headers, body: call.body }),
        port,
        patience(),
      );
      return { status: response.status, body: await response.text(), headers: response.headers };
    };
    const chain = rules.reduceRight<() => Promise<Answer | "cut">>(
      (proceed, rule) => () =>
        rule(call, async () => {
          const answer = await proceed();
          if (answer === "cut") throw new ConnectionLost(new Error("cut"), 0);
          return answer;
        }),
      send,
    );
    const answer = await chain();
    if (answer === "cut") return gone();
    const { status, body } = answer;
    return new Response(status === 204 ? null : body, { status, headers: answer.headers });
  }

  return wire;
}

function patience(): AbortSignal {
  return AbortSignal.timeout(patienceMs);
}

/** What a caller meets whose call or answer got lost on the way. */
function gone(): Response {
  return Response.json({ message: "The connection was lost." }, { status: 502 });
}

async function pipelineCallOf(request: Request, pathname: string): Promise<PipelineCall | null> {
  const [, name] = /^\/rest\/v1\/rpc\/([a-z_]+)$/.exec(pathname) ?? [];
  if (name === undefined || request.method !== "POST") return null;
  const verb = ofAnyStage.find((known) => known === name);
  if (verb !== undefined) {
    const body = await request.text();
    return { verb, stage: argumentsSchema.parse(JSON.parse(body)).stage, body };
  }
  const stage = stageSchema.options.find((known) => name.endsWith(`_${known}`));
  const verbOfStage = ofStage.find((known) => name === `${known}_${stage}`);
  if (stage === undefined || verbOfStage === undefined) return null;
  return { verb: verbOfStage, stage, body: await request.text() };
}

const argumentsSchema = z.object({ stage: stageSchema });
