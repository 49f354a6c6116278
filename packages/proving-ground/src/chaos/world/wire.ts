/**
 * The wire between the functions and the API: everything that a function asks of Supabase passes
 * here. Injectors may hold a call up, cut it, or lose its answer; the ledger listens.
 */
import { type Stage, stageSchema } from "@sideline/contracts";
import { ConnectionLost } from "@sideline/local-stack/parts";
import { z } from "zod";
import { type Gate, gone, type Proceed, startGate } from "../../support/gate.ts";

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
  gate: Gate;
  /** The last rule to be added meets a call first. */
  addRule(rule: PipelineRule): void;
  /** While true, functions cannot wake each other. */
  losePings: boolean;
  lostPings: number;
  /** Calls that have not been answered yet. */
  open: number;
}

export async function openWire(): Promise<Wire> {
  const rules: PipelineRule[] = [];

  async function serve(request: Request, proceed: Proceed): Promise<Response> {
    const { pathname } = new URL(request.url);
    wire.open += 1;
    try {
      if (pathname.startsWith("/functions/v1/") && wire.losePings) {
        wire.lostPings += 1;
        return gone();
      }
      const call = await pipelineCallOf(request, pathname);
      return call === null ? await proceed(request) : await passCall(request, call, proceed);
    } finally {
      wire.open -= 1;
    }
  }

  async function passCall(
    { url, method, headers }: Request,
    call: PipelineCall,
    proceed: Proceed,
  ): Promise<Response> {
    const send = async (): Promise<Answer> => {
      const response = await proceed(new Request(url, { method, headers, body: call.body }), true);
      return { status: response.status, body: await response.text(), headers: response.headers };
    };
    const chain = rules.reduceRight<() => Promise<Answer | "cut">>(
      (next, rule) => () =>
        rule(call, async () => {
          const answer = await next();
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

  const wire: Wire = {
    gate: await startGate(serve),
    addRule: (rule) => rules.unshift(rule),
    losePings: false,
    lostPings: 0,
    open: 0,
  };
  return wire;
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
