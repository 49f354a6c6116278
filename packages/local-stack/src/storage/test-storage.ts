import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ServerType, serve } from "@hono/node-server";
import type { TestStack } from "@sideline/proving-ground/testing";
import { type Caller, serviceRole } from "../caller.ts";
import { openSql } from "../sql/sql.ts";
import { createStorage, type Storage } from "./index.ts";

/** A Storage of one test file, over the shared database, whose files can be looked at. */
export interface TestStorage {
  directory: string;
  /** Without a caller, with the secret key's rights. */
  request(method: string, path: string, init?: RequestInit, caller?: Caller): Promise<Response>;
  /** Sends raw bytes over a connection that the test may drop, with the secret key's rights. */
  send(text: string): Socket;
  /** Every file that holds bytes: objects, and uploads that are not whole. */
  filesOnDisk(): Promise<string[]>;
  /** A new start over the same files, as after a crash. */
  restart(): void;
  stop(): Promise<void>;
}

export async function startTestStorage(stack: TestStack): Promise<TestStorage> {
  const directory = await mkdtemp(join(tmpdir(), "sideline-storage-"));
  const sql = openSql(stack.adminDbUrl, { max: 4 });
  const start = () => createStorage({ sql, directory, signingSecret: "a secret of this test" });
  let storage: Storage = start();
  const fetch = (request: Request, caller = serviceRole) => storage.fetch(request, caller);
  const { server, port } = await listen((request) => fetch(request));

  return {
    directory,
    request: (method, path, init, caller) =>
      fetch(new Request(`http://127.0.0.1:${port}${path}`, { method, ...init }), caller),
    send(text) {
      const socket = connect(port, "127.0.0.1");
      socket.write(text);
      return socket;
    },
    async filesOnDisk() {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    restart() {
      storage = start();
    },
    async stop() {
      server.close();
      await sql.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}

function listen(fetch: (request: Request) => Promise<Response>) {
  return new Promise<{ server: ServerType; port: number }>((resolve) => {
    const options = { fetch, port: 0, hostname: "127.0.0.1", overrideGlobalObjects: false };
    const server = serve(options, ({ port }) => {
      resolve({ server, port });
    });
  });
}
