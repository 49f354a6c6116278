import { expect, test } from "vitest";
import { collectingLog } from "./testing/collecting-log.ts";
import { type Answer, serveHttp } from "./testing/http-server.ts";
import { createWaker } from "./wake.ts";

async function wakerOn(answer: Answer) {
  const tasks: Promise<unknown>[] = [];
  const { url, received } = await serveHttp(answer);
  const { log, lines } = collectingLog();
  const background = (task: Promise<unknown>): void => void tasks.push(task);
  const wake = createWaker({ url, secretKey: "sb_secret_x", fetch, background, log });
  return { wake, received, lines, settled: () => Promise.all(tasks) };
}

test("calls the function with the secret key and an empty object", async () => {
  const { wake, received, settled } = await wakerOn(async () => Response.json({}));

  wake("ssmlWorker");
  await settled();

  expect(received).toHaveLength(1);
  expect(received[0]).toMatchObject({ method: "POST", path: "/functions/v1/ssmlWorker" });
  expect(received[0]?.headers.get("apikey")).toBe("sb_secret_x");
  expect(new TextDecoder().decode(received[0]?.body)).toBe("{}");
});

test("many wakes while a call is on its way become one more call", async () => {
  const answer = Promise.withResolvers<Response>();
  const { wake, received, settled } = await wakerOn(() =>
    answer.promise.then(() => Response.json({})),
  );

  for (let index = 0; index < 10; index++) wake("audioWorker");
  wake("ssmlWorker");
  answer.resolve(new Response());
  await settled();

  expect(received.map((request) => request.path).sort()).toEqual([
    "/functions/v1/audioWorker",
    "/functions/v1/audioWorker",
    "/functions/v1/ssmlWorker",
  ]);
});

test("a refused or lost call is noted and breaks nothing", async () => {
  const { wake, lines, settled } = await wakerOn(async () => new Response("", { status: 503 }));

  wake("audioWorker");
  await settled();
  expect(lines).toMatchObject([{ event: "wake.refused", function: "audioWorker", status: 503 }]);
});
