/** The line between an app and its project, which tests can cut: everything of a client goes over it. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export interface Line {
  /** In place of the project's own. */
  url: string;
  /** Ends all connections; those that are opened from here on end at once. */
  cut(): void;
  mend(): void;
  /** Cuts it by itself once the app has sent so many bytes more. */
  cutAfter(bytes: number): void;
  /** Bytes that the app has sent so far. */
  sentBytes(): number;
  close(): Promise<void>;
}

export async function openLine(apiUrl: string): Promise<Line> {
  const target = new URL(apiUrl);
  const sockets = new Set<Socket>();
  let isCut = false;
  let sent = 0;
  let cutAt = Number.POSITIVE_INFINITY;
  const server = createServer((near) => {
    if (isCut) return near.destroy();
    const far = connect(Number(target.port), target.hostname);
    for (const [socket, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        sockets.delete(socket);
        other.destroy();
      });
      socket.pipe(other);
    }
    near.on("data", (bytes) => {
      sent += bytes.length;
      if (sent < cutAt) return;
      cutAt = Number.POSITIVE_INFINITY;
      cut();
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const cut = () => {
    isCut = true;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}`,
    cut,
    mend() {
      isCut = false;
    },
    cutAfter(bytes) {
      cutAt = sent + bytes;
    },
    sentBytes: () => sent,
    async close() {
      cut();
      server.close();
      await once(server, "close");
    },
  };
}
