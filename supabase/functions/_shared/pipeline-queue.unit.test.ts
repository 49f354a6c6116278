import { type SsmlClaim, type SsmlResult, ssmlClaimSchema } from "@sideline/contracts";
import { createDatabaseClient } from "@sideline/database";
import { describe, expect, test } from "vitest";
import { DatabaseError } from "./errors.ts";
import { pipelineQueue } from "./pipeline-queue.ts";
import { ssmlClaim } from "./testing/claims.ts";
import { jsonBody, serveHttp } from "./testing/http-server.ts";

interface Sent {
  name: string;
  profile: string | null;
  apikey: string | null;
  args: unknown;
}

/** A Data API that answers each function of schema `pipeline` in turn as told. */
async function queueOn(answers: Record<string, (() => Response)[]>) {
  const sent: Sent[] = [];
  const { url } = await serveHttp((request) => {
    const name = request.path.replace("/rest/v1/rpc/", "");
    const { headers } = request;
    sent.push({
      name,
      profile: headers.get("content-profile"),
      apikey: headers.get("apikey"),
      args: jsonBody(request),
    });
    const answer = answers[name]?.shift();
    return answer ? answer() : Response.json({ code: "PGRST202", message: "" }, { status: 404 });
  });
  const client = createDatabaseClient(url, { key: "sb_secret_x" });
  const queue = pipelineQueue<SsmlClaim, SsmlResult>(client, "ssml", ssmlClaimSchema, "model-1");
  return { queue, sent };
}

const result: SsmlResult = {
  provider: "gemini",
  version: "m",
  segments: [{ segment_index: 0, ssml: "<speak>a</speak>" }],
};
const head = { id: ssmlClaim.id, lease_token: ssmlClaim.lease_token };

describe("pipelineQueue", () => {
  test("calls the stage's functions by their names and arguments, as the service", async () => {
    const { queue, sent } = await queueOn({
      claim_ssml: [() => Response.json([ssmlClaim])],
      complete_ssml: [() => Response.json([{ id: 7, outcome: "completed" }])],
      fail: [() => Response.json("queued")],
      defer: [() => Response.json("failed"), () => Response.json("queued")],
      send_back: [() => Response.json("sent_back")],
      extend: [() => Response.json("2026-11-01T10:02:00Z"), () => Response.json(null)],
      release: [() => Response.json("stale")],
    });

    const [item] = await queue.claim(true);
    if (!item) throw new Error("Nothing was claimed.");
    expect(item).toEqual(ssmlClaim);
    expect(await queue.complete(item, result, true)).toBe("completed");
    const how = { retryable: false, asked: false };
    expect(await queue.fail(item, "ssml_invalid", "No.", how)).toBe("queued");
    const delay = { retryAfterSeconds: 19.4, withinSeconds: 600 };
    expect(await queue.defer(item, "provider_rate_limited", "Slow.", delay)).toBe("failed");
    expect(await queue.defer(item, "provider_unavailable", "Down.", {})).toBe("queued");
    expect(await queue.sendBack(item, "ssml_refused", "Not so.")).toBe("sent_back");
    expect(await queue.extend(item)).toBe(true);
    expect(await queue.extend(item, { at: 1 })).toBe(false);
    expect(await queue.release(item)).toBe("stale");

    const which = { stage: "ssml", ...head };
    const limited = { ...which, error_code: "provider_rate_limited", message: "Slow." };
    expect(sent.map(({ name, args }) => [name, args])).toEqual([
      ["claim_ssml", { busy: true, model: "model-1" }],
      ["complete_ssml", { results: [{ ...result, ...head, asked: true }] }],
      ["fail", { ...which, error_code: "ssml_invalid", message: "No.", ...how }],
      ["defer", { ...limited, retry_after_seconds: 19.4, within_seconds: 600 }],
      ["defer", { ...which, error_code: "provider_unavailable", message: "Down." }],
      ["send_back", { ...which, error_code: "ssml_refused", message: "Not so." }],
      ["extend", which],
      ["extend", { ...which, progress: { at: 1 } }],
      ["release", which],
    ]);
    for (const call of sent) {
      expect(call).toMatchObject({ profile: "pipeline", apikey: "sb_secret_x" });
    }
  });

  test("asks the queue itself whether anything is kept for a next attempt", async () => {
    const { url, received } = await serveHttp((_request, call) =>
      Response.json(call === 1 ? [{ subject_id: 7 }] : []),
    );
    const client = createDatabaseClient(url, { key: "sb_secret_x" });
    const queue = pipelineQueue<SsmlClaim, SsmlResult>(client, "ssml", ssmlClaimSchema);

    expect(await queue.keeps(ssmlClaim)).toBe(true);
    expect(await queue.keeps(ssmlClaim)).toBe(false);
    expect(decodeURIComponent(received[0]?.path ?? "")).toBe(
      "/rest/v1/tasks?select=subject_id&stage=eq.ssml&subject_id=eq.7&progress=not.is.null",
    );
  });

  test("writes a call into the ledger under one name, however often it has to, and looks there", async () => {
    const { queue, sent } = await queueOn({
      record_call: [() => new Response("bad gateway", { status: 502 }), () => Response.json(null)],
      find_answer: [() => Response.json({ text: "{}" }), () => Response.json(null)],
    });
    const call = {
      ...{ provider: "gemini", model: "m", ms: 9, request_hash: "a".repeat(64) },
      ...{ input_tokens: 7, answer: { text: "{}" }, refused: null },
    };

    await queue.recordCall(ssmlClaim, call);
    expect(await queue.findAnswer(ssmlClaim, call.request_hash)).toEqual({ text: "{}" });
    expect(await queue.findAnswer(ssmlClaim, call.request_hash)).toBeNull();

    const { user_id, correlation_id } = ssmlClaim;
    const item = { stage: "ssml", subject_id: 7, attempt: 1, user_id, correlation_id };
    expect(sent[0]?.args).toEqual({ call: { ...item, ...call, id: expect.any(String) } });
    expect(sent[1]?.args).toEqual(sent[0]?.args);
    expect(sent[2]?.args).toEqual({
      stage: "ssml",
      subject_id: 7,
      request_hash: call.request_hash,
    });
  });

  test("a row that is not in order fails alone; the rest of its batch is worked on", async () => {
    const { queue, sent } = await queueOn({
      claim_ssml: [() => Response.json([{ ...ssmlClaim, id: 6, message: "" }, ssmlClaim])],
      fail: [() => Response.json("failed")],
    });

    expect((await queue.claim(true)).map((item) => item.id)).toEqual([7]);
    expect(sent[1]).toMatchObject({
      name: "fail",
      args: { stage: "ssml", id: 6, error_code: "internal_error", retryable: false },
    });
  });

  test("a call that did not get through is made again", async () => {
    const { queue, sent } = await queueOn({
      claim_ssml: [
        () => new Response("bad gateway", { status: 502 }),
        () => Response.json({ code: "57P01", message: "" }, { status: 500 }),
        () => Response.json([]),
      ],
    });

    expect(await queue.claim(true)).toEqual([]);
    expect(sent).toHaveLength(3);
  });

  test("a refusal is an error with its SQLSTATE, and is not repeated", async () => {
    const refusal = { code: "SL004", message: "what the user said", details: null, hint: null };
    const { queue, sent } = await queueOn({
      complete_ssml: [() => Response.json(refusal, { status: 400 })],
    });

    const error: unknown = await queue.complete(ssmlClaim, result, true).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ message: "complete_ssml failed with SL004" });
    expect(sent).toHaveLength(1);
  });
});
