import { expect, test } from "vitest";
import { post } from "./post.ts";

const answering = (status: number) => async () => new Response(null, { status });
const silent = () => Promise.reject(new TypeError("connection refused"));
const ask = (fetch: () => Promise<Response>, keyIsOurs: boolean) =>
  post(
    "https://hooks.example.com/",
    { headers: {}, body: "{}" },
    { fetch, signal: new AbortController().signal, keyIsOurs },
  );

test.each([
  ["does not answer", silent, "message_unanswered", "retry"],
  ["is at fault", answering(503), "message_unanswered", "retry"],
  ["is busy", answering(429), "message_unanswered", "retry"],
  ["is gone", answering(410), "message_refused", "fail"],
  ["sends elsewhere", answering(302), "message_refused", "fail"],
  ["asks who we are", answering(401), "message_refused", "fail"],
] as const)("an address of a user's that %s is theirs to mend", async (_, fetch, code, fate) => {
  await expect(ask(fetch, false)).rejects.toMatchObject({ code, fate });
});

test.each([
  ["does not answer", silent, "provider_unavailable"],
  ["is at fault", answering(500), "provider_unavailable"],
  ["does not take the key", answering(403), "message_not_configured"],
] as const)("a provider of ours that %s is ours to mend", async (_, fetch, code) => {
  await expect(ask(fetch, true)).rejects.toMatchObject({ code, fate: "retry" });
});
