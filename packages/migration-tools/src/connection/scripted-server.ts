import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { TLSSocket, type TLSSocketOptions } from "node:tls";

/** A TCP server for tests that plays one part of a Postgres server, well or badly. */
export interface ScriptedServer extends AsyncDisposable {
  port: number;
}

/** @param play called with each connection */
export async function scriptedServer(play: (socket: Socket) => void): Promise<ScriptedServer> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("close", () => sockets.delete(socket));
    play(socket);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return {
    port: address.port,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      server.close();
      await once(server, "close");
    },
  };
}

/** Refuses the start-up message as Postgres would, with a FATAL of this SQLSTATE. */
export function refusal(code: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
  const head = Buffer.alloc(5);
  head.write("E");
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
}

/** Whether a first message asks for TLS. */
export function asksForTls(message: Buffer): boolean {
  return message.length === 8 && message.readInt32BE(4) === 80877103;
}

/** Answers a request for TLS with yes, and what comes then in the encrypted stream with `reply`. */
export function offerTls(socket: Socket, options: TLSSocketOptions, reply: Buffer): void {
  socket.once("data", (message) => {
    if (!asksForTls(message)) return void socket.end(reply);
    socket.write("S");
    const secure = new TLSSocket(socket, { isServer: true, ...options });
    secure.on("error", () => {});
    secure.once("data", () => secure.end(reply));
  });
}
