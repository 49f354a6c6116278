import { createHash } from "node:crypto";
import { renderResponseSchema } from "@sideline/contracts";
import { createServiceClient, createUser, type TestUser } from "@sideline/proving-ground/testing";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, inject, test } from "vitest";
import { accepted, callFunction } from "../_shared/testing/call-function.ts";
import { eventually } from "../_shared/testing/eventually.ts";

const stack = inject("stack");
const admin = new pg.Client(stack.dbUrl);
const bytes = new TextEncoder().encode("The bytes of a video. ".repeat(100));
let owner: TestUser;
let stranger: TestUser;

beforeAll(async () => {
  await admin.connect();
  [owner, stranger] = await Promise.all([
    createUser(stack, "owner"),
    createUser(stack, "stranger"),
  ]);
});
afterAll(() => admin.end());

const call = (user: TestUser, path: string, body?: object) =>
  callFunction(stack, { name: "render", token: user.accessToken, path, body });

/** A composition of the owner's that only needs to be started. */
async function composition(): Promise<number> {
  const { data, error } = await owner.client.rpc("create_render_job", {
    format: "mp4",
    width: 640,
    height: 360,
    fps: 30,
  });
  if (error) throw error;
  await owner.client.rpc("add_render_element", {
    render_job_id: data,
    element_type: "text",
    text: "Hop.",
    duration_seconds: 1,
  });
  return data;
}

/** What a worker does at its end, to this render alone, whoever else claims some meanwhile. */
async function complete(id: number): Promise<void> {
  const path = `${owner.userId}/renders/${id}.mp4`;
  const stored = await createServiceClient(stack)
    .storage.from("processed")
    .upload(path, bytes, { contentType: "video/mp4" });
  if (stored.error) throw stored.error;
  const token = "a0000000-0000-4000-8000-000000000001";
  const lease = "update pipeline.tasks set turn = null, lease_token = $2, attempts = 1";
  await admin.query(`${lease} where stage = 'render' and subject_id = $1`, [id, token]);
  const result = {
    id,
    lease_token: token,
    path,
    bytes: bytes.length,
    frames: 30,
    duration_seconds: 1,
    checksum: createHash("sha256").update(bytes).digest("hex"),
  };
  const { rows } = await admin.query("select outcome from pipeline.complete_render($1)", [
    JSON.stringify([result]),
  ]);
  expect(rows).toEqual([{ outcome: "completed" }]);
}

describe("a render", () => {
  test("is started, and answered at once with how far it is", async () => {
    const renderJobId = await composition();

    const started = await call(owner, "", { renderJobId });

    expect(started).toMatchObject({
      status: 202,
      body: { renderJobId, status: "queued", progressPercent: 0, output: null },
    });
    expect(await call(owner, `/status/${renderJobId}`)).toEqual({
      status: 200,
      body: accepted(started, renderResponseSchema),
    });
    expect(await call(owner, "/cancel", { renderJobId })).toMatchObject({
      status: 200,
      body: { status: "cancelled" },
    });
  });

  test("is waited for, and answered with its file", async () => {
    const renderJobId = await composition();
    const answer = fetch(`${stack.apiUrl}/functions/v1/render`, {
      method: "POST",
      headers: {
        apikey: stack.publishableKey,
        authorization: `Bearer ${owner.accessToken}`,
        "content-type": "application/json",
      },
      body: JSON.stringify({ renderJobId, responseType: "immediate", waitSeconds: 60 }),
    });
    await eventually("it waits for a worker", async () => {
      const { rowCount } = await admin.query(
        "select from pipeline.tasks where stage = 'render' and subject_id = $1",
        [renderJobId],
      );
      return rowCount === 1;
    });
    await complete(renderJobId);
    const response = await answer;

    expect(response.status).toBe(200);
    expect(response.headers.get("content-type")).toBe("video/mp4");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(bytes);
  });

  test("that takes longer than it is waited for is told of", async () => {
    const renderJobId = await composition();
    const body = { renderJobId, responseType: "immediate", waitSeconds: 0.5 };

    expect(await call(owner, "", body)).toMatchObject({ status: 202, body: { status: "queued" } });
    await call(owner, "/cancel", { renderJobId });
  });

  test("of somebody else is not there", async () => {
    const renderJobId = await composition();

    for (const [path, body] of [
      ["", { renderJobId }],
      ["/cancel", { renderJobId }],
      [`/status/${renderJobId}`, undefined],
    ] as const) {
      expect(await call(stranger, path, body)).toMatchObject({
        status: 404,
        body: { code: "not_found" },
      });
    }
    expect(
      await callFunction(stack, { name: "render", path: `/status/${renderJobId}` }),
    ).toMatchObject({ status: 401 });
  });

  test.each([
    [{ renderJobId: 0 }, 400, "invalid_request"],
    [{ recordingId: 1, options: { mode: "loud" } }, 400, "invalid_request"],
    [{ recordingId: 999_999_999 }, 404, "not_found"],
  ])("%j is refused", async (body, status, code) => {
    expect(await call(owner, "", body)).toMatchObject({ status, body: { code } });
  });

  test("of nothing is refused with a sentence and a reason", async () => {
    const args = { format: "mp4", width: 640, height: 360, fps: 30 };
    const { data: renderJobId } = await owner.client.rpc("create_render_job", args);

    expect(await call(owner, "", { renderJobId })).toEqual({
      status: 422,
      body: {
        code: "render_refused",
        reason: "nothing_to_render",
        message: "A render needs an element that lasts, or duration_seconds among its options.",
      },
    });
  });
});

describe("a public link", () => {
  async function shared() {
    const renderJobId = await composition();
    await call(owner, "", { renderJobId });
    await complete(renderJobId);
    const { data } = await owner.client.rpc("create_render_link", { render_job_id: renderJobId });
    const link = data?.[0];
    if (!link) throw new Error("There is no link.");
    const open = (headers: Record<string, string> = {}, token = link.token) =>
      fetch(`${stack.apiUrl}/functions/v1/render/shared/${token}`, { headers });
    return { ...link, open };
  }

  test("plays for anybody, in pieces, until it is ended; its owner sees who came", async () => {
    const { id, open } = await shared();

    const whole = await open({ "user-agent": "Player/1.0", "cf-ipcountry": "NZ" });
    const piece = await open({ range: "bytes=4-8", "user-agent": "Player/1.0" });

    expect(whole.status).toBe(200);
    expect(whole.headers.get("content-type")).toBe("video/mp4");
    expect(new Uint8Array(await whole.arrayBuffer())).toEqual(bytes);
    expect(piece.status).toBe(206);
    expect(piece.headers.get("content-range")).toBe(`bytes 4-8/${bytes.length}`);
    expect(await piece.text()).toBe("bytes");
    const { data: visits } = await owner.client
      .from("url_access_logs")
      .select("agent, country")
      .eq("render_link_id", id);
    expect(visits).toEqual([{ agent: "Player/1.0", country: "NZ" }]);
    const past = { expires_at: new Date(0).toISOString() };
    await owner.client.from("render_links").update(past).eq("id", id);
    const ended = await open();
    expect([ended.status, await ended.json()]).toMatchObject([404, { code: "not_found" }]);
  });

  test("is not guessed", async () => {
    const { open } = await shared();

    expect((await open({}, "0".repeat(64))).status).toBe(404);
    expect((await open({}, "..")).status).toBe(401);
  });
});
