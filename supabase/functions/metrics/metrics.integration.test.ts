import { createUser } from "@sideline/proving-ground/testing";
import { expect, inject, test } from "vitest";
import { metricsText } from "./metrics-text.ts";

const stack = inject("stack");
const ask = (headers: Record<string, string>) =>
  fetch(`${stack.apiUrl}/functions/v1/metrics`, { headers });

test("the secret key reads the samples in Prometheus' text format", async () => {
  const response = await ask({ apikey: stack.secretKey });

  expect(response.status).toBe(200);
  expect(response.headers.get("content-type")).toMatch(/^text\/plain; version=0\.0\.4/);
  const lines = (await response.text()).trimEnd().split("\n");
  expect(lines).toContainEqual(
    expect.stringMatching(/^sideline_queue_ready\{stage="analysis"\} \d+$/),
  );
  expect(lines).toContain("# TYPE sideline_oldest_ready_seconds gauge");
  for (const line of lines) {
    expect(line).toMatch(/^(# TYPE sideline_\w+ gauge|sideline_\w+(\{.*\})? -?[\d.e+-]+)$/);
  }
});

test("nobody else does", async () => {
  const user = await createUser(stack);

  expect((await ask({ apikey: stack.publishableKey })).status).toBe(401);
  const authorization = `Bearer ${user.accessToken}`;
  expect((await ask({ apikey: stack.publishableKey, authorization })).status).toBe(401);
});

test("a label's value cannot end its line", () => {
  const sample = { name: "x", labels: { of: 'a"b\\c\nd' }, value: 1 };

  expect(metricsText([sample])).toBe(
    '# TYPE sideline_x gauge\nsideline_x{of="a\\"b\\\\c\\nd"} 1\n',
  );
});
