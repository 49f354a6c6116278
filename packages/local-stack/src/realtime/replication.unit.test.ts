import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, test } from "vitest";
import { followReplication } from "./replication.ts";

/** A message of Postgres's protocol. */
function message(type: string, content: string): Buffer {
  const body = Buffer.from(content);
  const head = Buffer.from(`${type}....`);
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, body]);
}

test("a connection that Postgres ends in the moment it is there is followed by another", async () => {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    const welcome = [message("R", "\0\0\0\0"), message("Z", "I")];
    const farewell = message("E", "SFATAL\0C57P01\0Mterminating connection\0\0");
    socket.once("data", () => socket.end(Buffer.concat([...welcome, farewell])));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const { port } = server.address() as AddressInfo;

  const replication = followReplication({
    url: `postgresql://postgres:secret@127.0.0.1:${port}/postgres`,
    publications: [],
    onChange: () => undefined,
    onResume: () => {},
    log: () => {},
  });
  await expect.poll(() => connections).toBeGreaterThan(1);

  await replication.stop();
  server.close();
});
