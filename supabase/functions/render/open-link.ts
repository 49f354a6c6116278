import { methodNotAllowed } from "../_shared/http/endpoint.ts";
import { file, HttpError } from "../_shared/http/responses.ts";
import type { Storage } from "../_shared/storage.ts";
import type { Links } from "./renders.ts";

export interface LinkDeps {
  links: Links;
  storage: Pick<Storage, "open">;
  shutdown: AbortSignal;
}

/**
 * The video behind a public link, in pieces where a player asks for them. A visit is logged once,
 * at the file's beginning; no address is kept.
 */
export async function openLink(
  { links, storage, shutdown }: LinkDeps,
  token: string,
  request: Request,
): Promise<Response> {
  const { method, headers } = request;
  if (method !== "GET" && method !== "HEAD") throw methodNotAllowed("GET");
  const range = headers.get("range");
  const agent = headers.get("user-agent");
  // Which the network in front of a hosted project tells.
  const country = headers.get("cf-ipcountry");
  const opened = /^[0-9a-f]{64}$/.test(token)
    ? await links.open(token, {
        ...(agent === null ? {} : { agent }),
        ...(country === null ? {} : { country }),
        counts: method === "GET" && (range === null || range.startsWith("bytes=0-")),
      })
    : null;
  const stored =
    opened &&
    (await storage.open({ bucket: "processed", path: opened.path, method, range }, shutdown));
  if (!stored) {
    throw new HttpError("not_found", "This link has ended, or there never was such a one.");
  }
  const asked = new URL(request.url).searchParams.has("download") ? "attachment" : "inline";
  return file(stored, {
    "content-type": `video/${opened.format}`,
    "content-disposition": `${asked}; filename="coached.${opened.format}"`,
  });
}
