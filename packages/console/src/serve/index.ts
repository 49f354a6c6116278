/** Serves the console for one project on this machine: `npm start` and tests. */
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";

export interface ServedConsole {
  url: string;
  close(): Promise<void>;
}

export interface ConsoleOptions {
  project: { apiUrl: string; publishableKey: string };
  /** Where the built files go. */
  outDirectory: string;
  /** They are there already. Default false. */
  isBuilt?: boolean;
  /** Preferred; where it is taken, any free one. */
  port?: number;
}

const types: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".css": "text/css",
  ".json": "application/json",
  ".woff2": "font/woff2",
};

/** The names of assets say what is in them, so they never change. */
function keep(pathname: string): Record<string, string> {
  const isAsset = pathname.startsWith("/assets/");
  return { "cache-control": isAsset ? "max-age=31536000, immutable" : "no-cache" };
}

/** Returns at once; the files are built when somebody first asks for them. */
export async function serveConsole(options: ConsoleOptions): Promise<ServedConsole> {
  const { project, outDirectory } = options;
  const config = JSON.stringify({
    supabaseUrl: project.apiUrl,
    publishableKey: project.publishableKey,
  });
  let built = options.isBuilt ? Promise.resolve() : undefined;
  async function answer(pathname: string): Promise<string | Buffer | null> {
    const name = pathname === "/" ? "index.html" : normalize(pathname).slice(1);
    if (name === "config.json") return config;
    built ??= import("./build-console.ts").then(({ buildConsole }) => buildConsole(outDirectory));
    await built;
    return await readFile(join(outDirectory, name)).catch(() => null);
  }
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? "/", "http://localhost");
    const type =
      types[pathname === "/" ? ".html" : extname(pathname)] ?? "application/octet-stream";
    answer(pathname).then(
      (body) => {
        if (body === null) response.writeHead(404).end();
        else response.writeHead(200, { "content-type": type, ...keep(pathname) }).end(body);
      },
      (error: unknown) => response.writeHead(500).end(`The console could not be built: ${error}`),
    );
  });
  const listen = async (port: number) => {
    server.listen(port, "127.0.0.1");
    await once(server, "listening");
  };
  await listen(options.port ?? 0).catch(() => listen(0));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/`,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
