import { mkdtemp, readdir, rm } from "node:fs/promises";
import { connect, type Server, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createAdaptorServer } from "@hono/node-server";
import type { TestStack } from "@sideline/proving-ground/testing";
import { type Caller, serviceRole } from "../caller.ts";
import { listen } from "../ports.ts";
import { openSql } from "../sql/sql.ts";
import { createStorage, type Storage } from "./index.ts";

export type TestStorage = Awaited<ReturnType<typeof startTestStorage>>;

/** A Storage of one test file, over the shared database, whose files can be looked at. */
export async function startTestStorage(stack: TestStack) {
  const directory = await mkdtemp(join(tmpdir(), "sideline-storage-"));
  const sql = openSql(stack.adminDbUrl, { max: 4 });
  const start = () => createStorage({ sql, directory, signingSecret: "a secret of this test" });
  let storage: Storage = start();
  const fetch = (request: Request, caller = serviceRole) => storage.fetch(request, caller);
  const options = { fetch: (request: Request) => fetch(request), overrideGlobalObjects: false };
  const server = createAdaptorServer(options) as Server;
  const port = await listen(server, 0, "--port");

  return {
    directory,
    /** Without a caller, with the secret key's rights. */
    request: (method: string, path: string, init?: RequestInit, caller?: Caller) =>
      fetch(new Request(`http://127.0.0.1:${port}${path}`, { method, ...init }), caller),
    /** Sends raw bytes over a connection that the test may drop, with the secret key's rights. */
    send(text: string): Socket {
      const socket = connect(port, "127.0.0.1");
      socket.write(text);
      return socket;
    },
    /** Every file that holds bytes: objects, and uploads that are not whole. */
    async filesOnDisk(): Promise<string[]> {
      const entries = await readdir(directory, { recursive: true, withFileTypes: true });
      return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
    },
    /** A new start over the same files, as after a crash. */
    restart(): void {
      storage = start();
    },
    async stop(): Promise<void> {
      server.close();
      await sql.end();
      await rm(directory, { recursive: true, force: true });
    },
  };
}
