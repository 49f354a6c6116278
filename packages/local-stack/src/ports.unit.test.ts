import { createServer } from "node:net";
import { afterEach, expect, test } from "vitest";
import { claimPort } from "./ports.ts";

const taken = createServer();
afterEach(() => new Promise<void>((resolve) => taken.close(() => resolve())));

test("a port in use is named together with the option that changes it", async () => {
  const port = await new Promise<number>((resolve) => {
    taken.listen(0, "127.0.0.1", () => {
      const address = taken.address();
      resolve(typeof address === "object" && address !== null ? address.port : 0);
    });
  });

  await expect(claimPort(port, "--db-port")).rejects.toMatchObject({
    code: "port_in_use",
    message: `Port ${port} is already in use. Stop what uses it, or choose another with --db-port.`,
  });
});

test("0 is any free port", async () => {
  const port = await claimPort(0, "--port");

  expect(port).toBeGreaterThan(1023);
  expect(await claimPort(port, "--port")).toBe(port);
});
