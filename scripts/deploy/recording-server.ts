import { createServer } from "node:http";

/** What the CLI uploaded for one function. */
export interface Deployment {
  slug: string;
  metadata: { entrypoint: string; importMap: string | null; verifyJwt: boolean };
  files: UploadedFile[];
}

export interface UploadedFile {
  /** Path in the upload, relative, with slashes. */
  path: string;
  bytes: Uint8Array;
}

export interface RecordingServer {
  url: string;
  deployments: Deployment[];
  stop(): Promise<void>;
}

/**
 * Stands in for the platform's API: takes what `supabase functions deploy --use-api` sends and
 * answers as if it had been deployed.
 */
export async function startRecordingServer(): Promise<RecordingServer> {
  const deployments: Deployment[] = [];
  const server = createServer(async (incoming, outgoing) => {
    const answer = (status: number, body: unknown) => {
      outgoing.writeHead(status, { "content-type": "application/json" });
      outgoing.end(JSON.stringify(body));
    };
    try {
      const chunks: Uint8Array[] = [];
      for await (const chunk of incoming) chunks.push(chunk);
      const url = new URL(incoming.url ?? "/", "http://127.0.0.1");
      if (incoming.method !== "POST" || !url.pathname.endsWith("/functions/deploy")) {
        answer(200, []);
        return;
      }
      const slug = url.searchParams.get("slug") ?? "";
      const type = incoming.headers["content-type"] ?? "";
      deployments.push(await readDeployment(slug, type, Buffer.concat(chunks)));
      answer(201, { id: slug, slug, name: slug, version: 1, status: "ACTIVE", ...timestamps });
    } catch (error) {
      answer(500, { message: String(error) });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || !address) throw new Error("the server has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    deployments,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const timestamps = { created_at: 0, updated_at: 0 };

async function readDeployment(
  slug: string,
  contentType: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<Deployment> {
  const form = await new Response(body, { headers: { "content-type": contentType } }).formData();
  const metadata: Record<string, unknown> = JSON.parse(String(form.get("metadata")));
  const files: UploadedFile[] = [];
  for (const part of form.getAll("file")) {
    if (typeof part === "string") continue;
    files.push({ path: part.name, bytes: new Uint8Array(await part.arrayBuffer()) });
  }
  return {
    slug,
    metadata: {
      entrypoint: String(metadata.entrypoint_path),
      importMap: metadata.import_map_path ? String(metadata.import_map_path) : null,
      verifyJwt: metadata.verify_jwt !== false,
    },
    files,
  };
}
