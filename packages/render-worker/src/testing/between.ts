import { once } from "node:events";
import { createServer, type IncomingMessage, request } from "node:http";
import type { AddressInfo } from "node:net";

/** A call of a worker, before it is sent on. */
export interface Call {
  name: string;
  body: string;
}

/** Whether the call is sent on, and whether the worker gets the answer. */
export interface Passage {
  sends: boolean;
  answers: boolean;
}

export interface Between {
  url: string;
  stop(): Promise<void>;
}

/** Stands between a worker and its project, and shows each call of a database function. */
export async function standBetween(
  project: string,
  look: (call: Call) => Passage | Promise<Passage>,
): Promise<Between> {
  const sent = new Set<Promise<unknown>>();
  const server = createServer(async (incoming, outgoing) => {
    const name = /\/rest\/v1\/rpc\/(\w+)/.exec(incoming.url ?? "")?.[1];
    const body = name ? await textOf(incoming) : null;
    const { answers, sends } = name
      ? await look({ name, body: body ?? "" })
      : { answers: true, sends: true };
    if (!sends) return void outgoing.destroy();
    const url = new URL(incoming.url ?? "/", project);
    const { method, headers } = incoming;
    const onward = request(url, { method, headers: { ...headers, host: url.host } }, (answer) => {
      if (!answers) return void outgoing.destroy();
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    onward.on("error", () => outgoing.destroy());
    if (name) sent.add(once(onward, "response").catch(() => undefined));
    if (body === null) incoming.pipe(onward);
    else onward.end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    /** What was sent on has been answered then, though the worker may be dead. */
    async stop() {
      await Promise.all(sent);
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(incoming: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of incoming) pieces.push(piece);
  return Buffer.concat(pieces).toString();
}
