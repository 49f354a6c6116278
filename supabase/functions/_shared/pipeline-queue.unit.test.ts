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
  const url = await serveHttp((request) => {
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
      fail_ssml: [() => Response.json("queued")],
      defer_ssml: [() => Response.json("failed")],
      extend_ssml: [() => Response.json("2026-11-01T10:02:00Z"), () => Response.json(null)],
      release_ssml: [() => Response.json("stale")],
    });

    const [item] = await queue.claim();
    if (!item) throw new Error("Nothing was claimed.");
    expect(item).toEqual(ssmlClaim);
    expect(await queue.complete(item, result)).toBe("completed");
    expect(await queue.fail(item, "ssml_invalid", "No.", false)).toBe("queued");
    expect(await queue.defer(item, 19.4, "provider_rate_limited")).toBe("failed");
    expect(await queue.extend(item)).toBe(true);
    expect(await queue.extend(item)).toBe(false);
    expect(await queue.release(item)).toBe("stale");

    expect(sent.map(({ name, args }) => [name, args])).toEqual([
      ["claim_ssml", { model: "model-1" }],
      ["complete_ssml", { results: [{ ...result, ...head }] }],
      ["fail_ssml", { ...head, error_code: "ssml_invalid", message: "No.", retryable: false }],
      ["defer_ssml", { ...head, retry_after_seconds: 19.4, error_code: "provider_rate_limited" }],
      ["extend_ssml", head],
      ["extend_ssml", head],
      ["release_ssml", head],
    ]);
    for (const call of sent) {
      expect(call).toMatchObject({ profile: "pipeline", apikey: "sb_secret_x" });
    }
  });

  test("a row that is not in order fails alone; the rest of its batch is worked on", async () => {
    const { queue, sent } = await queueOn({
      claim_ssml: [() => Response.json([{ ...ssmlClaim, id: 6, message: "" }, ssmlClaim])],
      fail_ssml: [() => Response.json("failed")],
    });

    expect((await queue.claim()).map((item) => item.id)).toEqual([7]);
    expect(sent[1]).toMatchObject({
      name: "fail_ssml",
      args: { id: 6, error_code: "internal_error", retryable: false },
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

    expect(await queue.claim()).toEqual([]);
    expect(sent).toHaveLength(3);
  });

  test("a refusal is an error with its SQLSTATE, and is not repeated", async () => {
    const refusal = { code: "SL004", message: "what the user said", details: null, hint: null };
    const { queue, sent } = await queueOn({
      complete_ssml: [() => Response.json(refusal, { status: 400 })],
    });

    const error: unknown = await queue.complete(ssmlClaim, result).catch((thrown) => thrown);

    expect(error).toBeInstanceOf(DatabaseError);
    expect(error).toMatchObject({ message: "complete_ssml failed with SL004" });
    expect(sent).toHaveLength(1);
  });
});
