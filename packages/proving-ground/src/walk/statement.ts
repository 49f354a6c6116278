/** An operation as the SQL that its caller would send, and the answer that it gave. */
import type { World } from "./model.ts";
import type { Operation, WorkerCall } from "./operations.ts";
import { type Footing, startOfTime } from "./rows.ts";
import type { Stage } from "./transitions.ts";
import { userId } from "./users.ts";

/** Who sends a statement: a worker or operator, a user by name, or the platform itself. */
export type Caller = "service_role" | "platform" | { user: string };

export interface Statement {
  caller: Caller;
  /** Answers with rows, though perhaps none; one column, `answer`, unless it claims. */
  text: string;
}

export function statementOf(
  world: World,
  operation: Operation,
  footing: Footing,
  ownerOf: (recording: string) => string,
): Statement {
  const service = (text: string): Statement => ({ caller: "service_role", text });
  const idOf = (name: Parameters<Footing["ids"]["get"]>[0]) => footing.ids.get(name) ?? 0;
  switch (operation.does) {
    case "claim":
      return service(
        `select id, attempt, lease_token, alone, (extract(epoch from
           lease_expires_at - timestamptz '${startOfTime}') * 1000000)::bigint::text as until
         from pipeline.claim_${operation.stage}(${operation.batch}, busy => ${operation.busy ?? false})`,
      );
    case "complete":
    case "fail":
    case "defer":
    case "send back":
    case "extend":
    case "release":
      return service(callText(world, operation, footing));
    case "sweep":
      return service(
        "select string_agg(stage || ' ' || swept, ', ') as answer from pipeline.sweep() where stage in ('analysis', 'ssml', 'audio')",
      );
    case "wait":
      return service("select '' as answer");
    case "record":
      return {
        caller: { user: operation.owner },
        text: `insert into public.video_recordings (filename, storage_path)
          values ('${operation.recording}', '${userId(operation.owner)}/${operation.recording}')
          returning '' as answer`,
      };
    case "upload":
      return {
        caller: { user: ownerOf(operation.recording) },
        text: `update public.video_recordings set upload_status = '${operation.status}'
          where id = ${idOf(`recording ${operation.recording}`)} returning '' as answer`,
      };
    case "recognise":
      return { caller: "platform", text: recogniseText(idOf(`recording ${operation.recording}`)) };
    case "retry": {
      const [stage = "", name = ""] = operation.item.split(" ");
      const id = idOf(operation.item);
      const target = stage === "analysis" ? `analysis(${id})` : `feedback(${id}, '${stage}')`;
      if (operation.by === "operator")
        return service(`select pipeline.requeue_${target} as answer`);
      const user = operation.by === "owner" ? ownerOf(name.split(".")[0] ?? "") : "stranger";
      return { caller: { user }, text: `select public.retry_${target} as answer` };
    }
    case "reword": {
      const words = {
        other: "case message when 'Hop.' then 'Skip.' else 'Hop.' end",
        blank: "''",
        same: "message",
      };
      return service(
        `update public.analysis_feedback set message = ${words[operation.to]}
         where id = ${idOf(`ssml ${operation.feedback}`)} returning '' as answer`,
      );
    }
    case "delete":
      return {
        caller: { user: ownerOf(operation.recording) },
        text: `delete from public.video_recordings
          where id = ${idOf(`recording ${operation.recording}`)} returning '' as answer`,
      };
    case "close account":
      return {
        caller: "platform",
        text: `delete from auth.users where id = '${userId(operation.owner)}'
          returning '' as answer`,
      };
  }
}

function callText(world: World, call: WorkerCall, footing: Footing): string {
  const stage = stageOf(call.item);
  const id = footing.ids.get(call.item) ?? 0;
  const token = footing.tokens.get(`${call.worker} ${call.item}`) ?? "";
  switch (call.does) {
    case "complete": {
      const segmentCount = footing.ssmlSegmentCounts.get(call.item) || 1;
      const result = call.flawed
        ? flawedResult(stage)
        : soundResult(world, stage, call.worker, segmentCount);
      const results = JSON.stringify([{ id, lease_token: token, ...result }]);
      return `select outcome as answer from pipeline.complete_${stage}('${results}')`;
    }
    case "fail":
      return `select pipeline.fail(
        '${stage}', ${id}, '${token}', '${call.code}', 'It failed.', ${call.retryable}) as answer`;
    case "defer":
      return `select pipeline.defer('${stage}', ${id}, '${token}', '${call.code}', 'Later.',
        ${call.seconds ?? "null"}, ${call.within ?? "null"}) as answer`;
    case "send back":
      return `select pipeline.send_back(
        '${stage}', ${id}, '${token}', 'ssml_refused', 'Not so.') as answer`;
    case "extend":
      return `select coalesce('until ' || walk.since_start(
        pipeline.extend('${stage}', ${id}, '${token}', ${call.seconds})), 'stale') as answer`;
    case "release":
      return `select pipeline.release('${stage}', ${id}, '${token}') as answer`;
  }
}

/** The object comes, is looked for at once, and is gone before anybody asks for its version. */
function recogniseText(id: number): string {
  return `select walk.recognise(${id})::text as answer`;
}

function soundResult(world: World, stage: Stage, worker: string, segmentCount: number): object {
  const speech = { provider: "walk", version: worker };
  switch (stage) {
    case "analysis":
      return analysis(world.findings, worker);
    case "ssml":
      return {
        ...speech,
        segments: [0, 1].map((index) => segment(index, { ssml: "<speak>Hop.</speak>" })),
      };
    case "audio": {
      const sound = { audio_url: "a.wav", format: "wav", duration_ms: 1 };
      const indexes = Array.from({ length: segmentCount }, (_, index) => index);
      return { ...speech, segments: indexes.map((index) => segment(index, sound)) };
    }
  }
}

/** Refused with SL004: the first two by their shape, audio because it lacks a segment. */
function flawedResult(stage: Stage): object {
  if (stage === "analysis") return analysis([], "flaw", 2);
  const segments =
    stage === "ssml"
      ? [segment(0, { ssml: "no markup" })]
      : [segment(7, { audio_url: "a.wav", format: "wav", duration_ms: 1 })];
  return { provider: "walk", version: "flaw", segments };
}

function analysis(findings: readonly string[], worker: string, confidence = 1): object {
  const feedback = findings.map((message, index) => ({
    start_seconds: index,
    end_seconds: index,
    category: "motion",
    severity: "low",
    confidence: 1,
    message,
    drill: null,
  }));
  const texts = { title: worker, summary: "", model: "walk", prompt_version: "1" };
  return { ...texts, confidence, duration_seconds: 1, metrics: [], feedback };
}

function segment(index: number, content: object): object {
  return { segment_index: index, ...content };
}

function stageOf(item: string): Stage {
  const stage = item.slice(0, item.indexOf(" "));
  if (stage === "analysis" || stage === "ssml" || stage === "audio") return stage;
  throw new Error(`"${item}" is no item`);
}
