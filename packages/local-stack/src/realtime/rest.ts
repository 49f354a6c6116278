import { z } from "zod";
import { type Identity, TokenError } from "./identity.ts";
import { askPolicies } from "./policies.ts";
import type { Services } from "./services.ts";
import { type Broadcast, topicKey } from "./topics.ts";

const batchSchema = z.object({
  messages: z.array(
    z.object({
      topic: z.string().min(1),
      event: z.string().min(1),
      payload: z.record(z.string(), z.unknown()),
      private: z.boolean().nullish(),
    }),
  ),
});

/**
 * Broadcasts over HTTP, for who is not subscribed: `POST /api/broadcast` with a batch of messages,
 * `POST /api/broadcast/:topic/events/:event` with one payload, JSON or bytes. Answers 202.
 */
export async function answerBroadcast(services: Services, request: Request): Promise<Response> {
  const url = new URL(request.url);
  const path = url.pathname.replace(/^\/realtime\/v1/, "");
  const single = path.match(/^\/api\/broadcast\/([^/]+)\/events\/([^/]+)$/);
  if (single === null && path !== "/api/broadcast") return refuse(404, "Not found");
  if (request.method !== "POST") return refuse(405, "Method not allowed");
  let identity: Identity | null;
  try {
    identity = await identify(services, request, url);
  } catch (error) {
    if (!(error instanceof TokenError)) throw error;
    return refuse(401, error.message);
  }
  if (identity === null) return refuse(401, "Unauthorized");

  if (single === null) return await sendBatch(services, request, identity);
  const [topic, event] = [single[1] ?? "", single[2] ?? ""].map(decodeURIComponent);
  const isPrivate = url.searchParams.get("private") === "true";
  return await sendOne(services, request, identity, topic ?? "", event ?? "", isPrivate);
}

/** A user's token decides, whichever key is beside it. */
async function identify(
  { identities }: Services,
  request: Request,
  url: URL,
): Promise<Identity | null> {
  const bearer = request.headers.get("authorization")?.match(/^bearer\s+(\S+)/i)?.[1];
  const key = request.headers.get("apikey") ?? url.searchParams.get("apikey") ?? bearer;
  const ofKey = key === undefined ? null : await identities.ofKey(key);
  if (ofKey === null || bearer === undefined || bearer.startsWith("sb_")) return ofKey;
  return await identities.ofToken(bearer);
}

async function sendBatch(
  services: Services,
  request: Request,
  identity: Identity,
): Promise<Response> {
  const parsed = batchSchema.safeParse(await request.json().catch(() => null));
  if (!parsed.success) {
    return Response.json({ errors: z.flattenError(parsed.error).fieldErrors }, { status: 422 });
  }
  const allowed = new Map<string, boolean>();
  for (const { topic, event, payload, private: isPrivate } of parsed.data.messages) {
    if (isPrivate && !allowed.has(topic)) {
      allowed.set(topic, await mayWrite(services, request, identity, topic));
    }
    // As on hosted, what may not be sent is left out without a word.
    if (isPrivate && !allowed.get(topic)) continue;
    const message = JSON.stringify({ payload, event, type: "broadcast" });
    services.topics.broadcast(topicKey(topic, isPrivate ?? false), { payload: message });
  }
  return accepted();
}

async function sendOne(
  services: Services,
  request: Request,
  identity: Identity,
  topic: string,
  event: string,
  isPrivate: boolean,
): Promise<Response> {
  const isBinary = request.headers.get("content-type")?.startsWith("application/octet-stream");
  const body = Buffer.from(await request.arrayBuffer());
  if (!isBinary && !isJson(body)) return refuse(422, "The body is not JSON");
  if (isPrivate && !(await mayWrite(services, request, identity, topic))) {
    return refuse(403, "Unauthorized");
  }
  const message: Broadcast = { user: { event, encoding: isBinary ? "binary" : "json", body } };
  services.topics.broadcast(topicKey(topic, isPrivate), message);
  return accepted();
}

async function mayWrite(
  services: Services,
  request: Request,
  identity: Identity,
  topic: string,
): Promise<boolean> {
  const headers = JSON.stringify(Object.fromEntries(request.headers));
  const answer = await askPolicies(services, identity, topic, headers, { write: ["broadcast"] });
  return answer?.write.has("broadcast") ?? false;
}

function isJson(body: Buffer): boolean {
  try {
    JSON.parse(body.toString("utf8"));
    return true;
  } catch {
    return false;
  }
}

function accepted(): Response {
  return new Response(null, { status: 202 });
}

function refuse(status: number, message: string): Response {
  return Response.json({ message }, { status });
}
