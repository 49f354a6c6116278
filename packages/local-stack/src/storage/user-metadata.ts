import { z } from "zod";
import { entityTooLarge } from "./errors.ts";

export const userMetadataSchema = z.record(z.string(), z.json());

/** What an application stores beside an object. */
export type UserMetadata = z.infer<typeof userMetadataSchema>;

const maxBytes = 1024 * 1024;

/** As hosted: text that is no JSON object counts as none. */
export function parseUserMetadata(text: string | null | undefined): UserMetadata | null {
  if (!text) return null;
  if (Buffer.byteLength(text) > maxBytes) throw entityTooLarge();
  try {
    return userMetadataSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The `x-metadata` header: the same, in base64. */
export function parseMetadataHeader(header: string | null): UserMetadata | null {
  return parseUserMetadata(header && Buffer.from(header, "base64").toString("utf8"));
}
