import type { StorageContext } from "./context.ts";

/** The object a route's path names. The name is as asked for: `parseKey` before writing it. */
export function targetOf(c: StorageContext): { bucket: string; name: string } {
  return { bucket: c.req.param("bucket") ?? "", name: c.req.param("name") ?? "" };
}
